/** Minutes after midnight of a time such as `9:00` or `17:30`; `24:00` is the midnight that ends a day. Null for none. */
export function parseClockTime(text: string): number | null {
  const match = /^\s*(\d{1,2}):([0-5]\d)\s*$/.exec(text)
  if (match === null) return null
  const minutes = Number(match[1]) * 60 + Number(match[2])
  return minutes <= 1_440 ? minutes : null
}
