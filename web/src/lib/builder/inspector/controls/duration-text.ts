/** The units a duration is picked in, in the words the server reads. */
export const durationUnits = ['seconds', 'minutes', 'hours', 'days', 'weeks'] as const
export type DurationUnit = (typeof durationUnits)[number]

export interface PickedDuration {
  amount: number
  unit: DurationUnit
}

/** A text such as `2 days` as an amount and a unit; undefined for one that says it another way. */
export function readDuration(text: string): PickedDuration | undefined {
  const match = /^\s*(\d+(?:\.\d+)?)\s*([a-z]*)\s*$/i.exec(text)
  if (match === null) return undefined
  const word = (match[2] ?? '').toLowerCase()
  const unit = word === '' ? 'seconds' : unitOf(word)
  return unit === undefined ? undefined : { amount: Number(match[1]), unit }
}

export function writeDuration({ amount, unit }: PickedDuration): string {
  return `${amount} ${amount === 1 ? unit.slice(0, -1) : unit}`
}

function unitOf(word: string): DurationUnit | undefined {
  const short: Record<string, DurationUnit> = {
    s: 'seconds',
    sec: 'seconds',
    m: 'minutes',
    min: 'minutes',
    h: 'hours',
    d: 'days',
    w: 'weeks',
  }
  return short[word] ?? durationUnits.find((unit) => unit === word || unit === `${word}s`)
}
