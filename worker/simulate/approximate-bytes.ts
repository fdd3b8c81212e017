/**
 * About how many bytes a value of plain data has as JSON, without writing it. Looks no further once it is more than
 * `most`. What is held twice counts twice.
 */
export function approximateBytes(value: unknown, most = Infinity): number {
  let bytes = 0
  const open: unknown[] = [value]
  while (open.length > 0 && bytes <= most) {
    const next = open.pop()
    if (typeof next === 'string') bytes += next.length + 2
    else if (typeof next !== 'object' || next === null) bytes += 6
    else if (Array.isArray(next)) {
      bytes += 2 + next.length
      for (const item of next) open.push(item)
    } else {
      bytes += 2
      for (const key in next) {
        bytes += key.length + 4
        open.push((next as Record<string, unknown>)[key])
      }
    }
  }
  return bytes
}
