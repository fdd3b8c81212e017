import { Problem } from '../problem.ts'

/** The first instant of year 1 and the last of year 9999: within them ISO text has its plain form. */
const earliestMs = -62_135_596_800_000
const latestMs = 253_402_300_799_999

/** An instant, and the time zone in which its year, day and hour are read. Two with the same instant are equal. */
export class DateValue {
  readonly epochMs: number
  /** An IANA name or an offset such as `+02:00`; `UTC` unless said otherwise. */
  readonly zone: string

  constructor(epochMs: number, zone = 'UTC') {
    if (!DateValue.isInRange(epochMs)) {
      throw new Problem('expression.value', 'This date lies outside the years 1 to 9999.')
    }
    this.epochMs = Math.trunc(epochMs)
    this.zone = zone
  }

  static isInRange(epochMs: number): boolean {
    return epochMs >= earliestMs && epochMs <= latestMs
  }
}
