import type { Arrivals } from '../contract/simulate.ts'
import { unreachable } from '../lib/unreachable.ts'

const hourMs = 3_600_000
const dayMs = 24 * hourMs

interface When {
  startAt: number
  days: number
  contacts: number
  /** A number in [0, 1) for a contact. */
  draw(contact: number): number
}

/** When each contact comes, in epoch ms. */
export function arrivalTimes(arrivals: Arrivals, { startAt, days, contacts, draw }: When): number[] {
  const each = (at: (contact: number) => number) =>
    Array.from({ length: contacts }, (_, index) => Math.round(at(index)))
  switch (arrivals.pattern) {
    case 'at_once':
      return each(() => startAt)
    case 'even': {
      const spanMs = Math.min(arrivals.days ?? days, days) * dayMs
      return each((contact) => startAt + (contact * spanMs) / contacts)
    }
    case 'random': {
      const spanMs = Math.min(arrivals.days ?? days, days) * dayMs
      return each((contact) => startAt + draw(contact) * spanMs)
    }
    case 'times':
      return each((contact) => startAt + (arrivals.hours[contact % arrivals.hours.length] ?? 0) * hourMs)
    default:
      return unreachable(arrivals)
  }
}
