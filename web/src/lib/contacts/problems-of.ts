import type { ApiError } from '../api/api-error.ts'

/** What the server found wrong with a contact, by field, in words that stand under it. */
export function problemsOf(error: ApiError | undefined): Readonly<Record<string, string>> {
  const details = error?.details
  if (error === undefined || typeof details !== 'object' || details === null || Array.isArray(details)) return {}
  if (error.code === 'contact.taken' && typeof details['field'] === 'string') {
    return { [details['field']]: 'Another contact has this one.' }
  }
  const { problems } = details
  if (!Array.isArray(problems)) return {}
  return Object.fromEntries(
    problems.flatMap((problem) => {
      if (typeof problem !== 'object' || problem === null || Array.isArray(problem)) return []
      const { path, message } = problem
      return typeof path === 'string' && typeof message === 'string' && path !== '' ? [[path, `It ${message}.`]] : []
    }),
  )
}
