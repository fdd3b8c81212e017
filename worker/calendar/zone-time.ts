// zone-time
//
// Days and times of day as the clocks of a zone show them, and the instants they are.
//
//   Z1. `localMs` is wall time written as if it were UTC; a `day` counts local days from 1970-01-01.
//   Z2. A time that occurs twice (clocks set back) is its first occurrence; one that does not occur (clocks set
//       forward) is the first instant after the gap. So an instant never comes before the time that was asked for,
//       and a later time of the same day never comes sooner.

import { instantOf, localOf, offsetAt } from '../expressions/dates/zone.ts'

export { isZone } from '../expressions/dates/zone.ts'

export const dayMs = 86_400_000
export const minuteMs = 60_000

/** The instant at which the zone's clocks show a wall time; see Z2. */
export function instantAt(zone: string, localMs: number): number {
  const instant = instantOf(zone, localMs)
  return localOf(zone, instant) === localMs ? instant : endOfGap(zone, localMs)
}

/** The instant of so many minutes after midnight by the clocks of a local day. 1,440 is the midnight that ends it. */
export function instantOfDay(zone: string, day: number, minutes: number): number {
  return instantAt(zone, day * dayMs + minutes * minuteMs)
}

/** The local day of an instant, and the time of day in ms. */
export function localTime(zone: string, epochMs: number): { day: number; timeMs: number } {
  const localMs = localOf(zone, epochMs)
  const day = Math.floor(localMs / dayMs)
  return { day, timeMs: localMs - day * dayMs }
}

/** Halves the stretch in which the clocks jump until the instant of the jump is found: about 25 looks. */
function endOfGap(zone: string, localMs: number): number {
  const before = offsetAt(zone, localMs - dayMs)
  const after = offsetAt(zone, localMs + dayMs)
  let early = localMs - Math.max(before, after)
  let late = localMs - Math.min(before, after)
  while (late - early > 1) {
    const middle = Math.floor((early + late) / 2)
    if (offsetAt(zone, middle) === after) late = middle
    else early = middle
  }
  return late
}
