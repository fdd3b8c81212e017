// zone
//
// What the clocks of a time zone show at an instant, and which instant it is when they show something. The rules come
// from `Intl`, which every runtime has, so nothing is loaded for them.
//
// Invariants:
//
//   Z1. `localMs` is wall time written as if it were UTC: milliseconds that `Date` methods for UTC take apart.
//   Z2. Wall time that occurs twice (clocks set back) is its first occurrence; wall time that does not occur
//       (clocks set forward) is moved later by the length of the gap.

import { BoundedMap } from '../../lib/bounded-map.ts'
import { Problem } from '../problem.ts'

const dayMs = 86_400_000

interface Zone {
  format: Intl.DateTimeFormat
  /** The last question and its answer: one evaluation asks about the same instant again and again. */
  askedMs: number
  offsetMs: number
}

const zones = new BoundedMap<string, Zone>(500)

/** Whether a name is a time zone: an IANA name or an offset such as `+02:00`. */
export function isZone(name: string): boolean {
  return fixedOffset(name) !== undefined || findZone(name) !== undefined
}

/** How far the zone's clocks are ahead of UTC at an instant. Throws for an unknown zone. */
export function offsetAt(name: string, epochMs: number): number {
  const fixed = fixedOffset(name)
  if (fixed !== undefined) return fixed
  const zone = findZone(name)
  if (zone === undefined) {
    throw new Problem(
      'expression.value',
      `“${name.slice(0, 40)}” is not a time zone. Use a name such as Europe/Berlin or America/New_York, or UTC.`,
    )
  }
  if (zone.askedMs !== epochMs) {
    zone.offsetMs = readOffset(zone.format.format(epochMs))
    zone.askedMs = epochMs
  }
  return zone.offsetMs
}

/** The wall time of a zone at an instant; see Z1. */
export function localOf(name: string, epochMs: number): number {
  return epochMs + offsetAt(name, epochMs)
}

/** The instant at which the zone's clocks show a wall time; see Z1 and Z2. */
export function instantOf(name: string, localMs: number): number {
  const before = offsetAt(name, localMs - dayMs)
  const after = offsetAt(name, localMs + dayMs)
  if (offsetAt(name, localMs - before) === before) return localMs - before
  if (offsetAt(name, localMs - after) === after) return localMs - after
  return localMs - before
}

function fixedOffset(name: string): number | undefined {
  if (name === 'UTC') return 0
  const match = /^([+-])([01]\d|2[0-3]):([0-5]\d)$/.exec(name)
  if (match === null) return undefined
  const offsetMs = (Number(match[2]) * 60 + Number(match[3])) * 60_000
  return match[1] === '-' && offsetMs > 0 ? -offsetMs : offsetMs
}

function findZone(name: string): Zone | undefined {
  const known = zones.get(name)
  if (known !== undefined) return known
  if (!/^[A-Za-z][A-Za-z0-9_+\-/]{0,63}$/.test(name)) return undefined
  let format: Intl.DateTimeFormat
  try {
    format = new Intl.DateTimeFormat('en-US', { timeZone: name, timeZoneName: 'longOffset' })
  } catch {
    return undefined
  }
  const zone = { format, askedMs: Number.NaN, offsetMs: 0 }
  zones.set(name, zone)
  return zone
}

/** Reads `11/21/2026, GMT+01:00`. Offsets before standard time have seconds. */
function readOffset(text: string): number {
  const match = /GMT(?:([+-])(\d\d):(\d\d)(?::(\d\d))?)?$/.exec(text)
  if (match === null || match[1] === undefined) return 0
  const seconds = Number(match[2]) * 3_600 + Number(match[3]) * 60 + Number(match[4] ?? 0)
  return (match[1] === '-' ? -seconds : seconds) * 1_000
}
