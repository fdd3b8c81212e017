/** Whether an event of this type meets a pattern: the type itself, `order.*` for all below `order`, or `*` for all. */
export function matchesEventType(pattern: string, type: string): boolean {
  if (pattern === '*' || pattern === type) return true
  return /[.:/-]\*$/.test(pattern) && type.length >= pattern.length && type.startsWith(pattern.slice(0, -1))
}
