import type { Json } from '../../contract/json.ts'

/** Whether a text, or any text in a value, is only known once an expression was evaluated. */
export function holdsExpression(value: Json | undefined): boolean {
  if (typeof value === 'string') return value.includes('{{')
  if (typeof value !== 'object' || value === null) return false
  return Object.values(value).some(holdsExpression)
}
