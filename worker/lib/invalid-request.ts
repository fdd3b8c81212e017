import { appError, type AppError } from './app-error.ts'

/** What is wrong at one place of a request: `name`, `is missing`. The path of the body itself is empty. */
export type RequestProblem = { path: string; message: string }

/** `request.invalid`, whose message says the first of the problems; all of them are in its details. */
export function invalidRequest(problems: readonly RequestProblem[], cause?: unknown): AppError {
  return appError('request.invalid', { message: sentence(problems), details: { problems: [...problems] }, cause })
}

function sentence([first, ...others]: readonly RequestProblem[]): string {
  if (first === undefined) return 'The request is not valid.'
  const more =
    others.length === 0
      ? ''
      : ` There ${others.length === 1 ? 'is 1 more problem' : `are ${others.length} more problems`}.`
  return `The request is not valid: ${first.path === '' ? 'the body' : first.path} ${first.message}.${more}`
}
