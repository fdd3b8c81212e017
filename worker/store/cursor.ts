import { invalidRequest } from '../lib/invalid-request.ts'

/** An opaque place in a list: where the page before ended. */
export function encodeCursor(parts: readonly (string | number)[]): string {
  return btoa(JSON.stringify(parts)).replaceAll('+', '-').replaceAll('/', '_').replaceAll('=', '')
}

/** What `encodeCursor` was given: a number and a text. Throws `request.invalid` for anything else. */
export function decodeCursor(cursor: string): [number, string] {
  try {
    const parts = JSON.parse(atob(cursor.replaceAll('-', '+').replaceAll('_', '/'))) as unknown
    if (Array.isArray(parts) && parts.length === 2) {
      const [first, second] = parts as unknown[]
      if (Number.isSafeInteger(first) && typeof second === 'string') return [first as number, second]
    }
  } catch (cause) {
    throw invalidCursor(cause)
  }
  throw invalidCursor()
}

function invalidCursor(cause?: unknown) {
  const problem = { path: 'cursor', message: 'is not a cursor that a list gave' }
  return invalidRequest([problem], cause)
}
