/** What D1 says where the statement itself is wrong, or what it asks for may not be: asking again changes nothing. */
const ours = /SQLITE_(?!BUSY|FULL|IOERR|INTERRUPT|NOMEM)|too many SQL variables|D1_(TYPE|COLUMN_NOTFOUND)_ERROR/

/**
 * Whether an error, or what caused it, says that an object or a database of the platform cannot be reached or does
 * not come after its work: nothing is wrong with what was asked, and asking again later may help. Everything else is a
 * mistake of ours.
 */
export function isOutage(error: unknown): boolean {
  for (let current = error; current instanceof Error; current = current.cause) {
    if ('retryable' in current && current.retryable === true) return true
    if ('overloaded' in current && current.overloaded === true) return true
    if (/^D1_(EXEC_)?ERROR/.test(current.message)) return !ours.test(current.message)
  }
  return false
}
