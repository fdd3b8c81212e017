/** Lengths in milliseconds. A month is 30 days and a year 365: a length of time knows no calendar. */
const unitMs = {
  ms: 1,
  s: 1_000,
  m: 60_000,
  h: 3_600_000,
  d: 86_400_000,
  w: 604_800_000,
  mo: 2_592_000_000,
  y: 31_536_000_000,
} as const

const unitNames: Record<string, keyof typeof unitMs> = {
  ms: 'ms',
  millisecond: 'ms',
  milliseconds: 'ms',
  msec: 'ms',
  msecs: 'ms',
  s: 's',
  sec: 's',
  secs: 's',
  second: 's',
  seconds: 's',
  m: 'm',
  min: 'm',
  mins: 'm',
  minute: 'm',
  minutes: 'm',
  h: 'h',
  hr: 'h',
  hrs: 'h',
  hour: 'h',
  hours: 'h',
  d: 'd',
  day: 'd',
  days: 'd',
  w: 'w',
  week: 'w',
  weeks: 'w',
  mo: 'mo',
  month: 'mo',
  months: 'mo',
  y: 'y',
  yr: 'y',
  yrs: 'y',
  year: 'y',
  years: 'y',
}

/** The longest length that is read: about 100 years. */
const mostMs = 100 * unitMs.y
const isoParts = ['y', 'mo', 'w', 'd', 'h', 'm', 's'] as const
const iso =
  /^P(?=[\dT])(?:(\d+(?:\.\d+)?)Y)?(?:(\d+(?:\.\d+)?)M)?(?:(\d+(?:\.\d+)?)W)?(?:(\d+(?:\.\d+)?)D)?(?:T(?=\d)(?:(\d+(?:\.\d+)?)H)?(?:(\d+(?:\.\d+)?)M)?(?:(\d+(?:\.\d+)?)S)?)?$/i

/**
 * A length of time in whole milliseconds, or undefined when the value writes none. Read are words (`2 days`, `1h 30m`,
 * `1 day and 2 hours`), ISO 8601 (`P1DT2H`) and `{ amount: 2, unit: 'days' }`. A number without a unit, a negative
 * length and more than 100 years are none. A month counts 30 days and a year 365.
 */
export function parseDuration(value: unknown): number | undefined {
  if (typeof value === 'string') return value.length > 100 ? undefined : parseText(value.trim())
  if (typeof value !== 'object' || value === null || !('amount' in value) || !('unit' in value)) return undefined
  const { amount, unit } = value
  if (typeof unit !== 'string') return undefined
  if (typeof amount === 'number') return lengthOf(amount, unit)
  return typeof amount === 'string' && /^\d+(?:\.\d+)?$/.test(amount.trim())
    ? lengthOf(Number(amount), unit)
    : undefined
}

function parseText(text: string): number | undefined {
  const parts = iso.exec(text)
  if (parts !== null) {
    return inRange(isoParts.reduce((sum, unit, index) => sum + Number(parts[index + 1] ?? 0) * unitMs[unit], 0))
  }
  let total = 0
  let rest = text.toLowerCase()
  while (rest !== '') {
    const part = /^(\d+(?:\.\d+)?)\s*([a-z]+)(?:(?:\s*,\s*|\s+and\s+|\s*)(?=\d)|$)/.exec(rest)
    if (part === null) return undefined
    const length = lengthOf(Number(part[1]), part[2] ?? '')
    if (length === undefined) return undefined
    total += length
    rest = rest.slice(part[0].length)
  }
  return text === '' ? undefined : inRange(total)
}

function lengthOf(amount: number, unit: string): number | undefined {
  const name = unit.trim().toLowerCase()
  const known = Object.hasOwn(unitNames, name) ? unitNames[name] : undefined
  return known === undefined ? undefined : inRange(amount * unitMs[known])
}

function inRange(ms: number): number | undefined {
  return ms >= 0 && ms <= mostMs ? Math.round(ms) : undefined
}
