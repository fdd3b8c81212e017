import type { QueuePlace } from '#contract/concurrency.ts'
import type { WhyStill } from './why-still.ts'

/** Where a queued execution stands, in a few words; undefined while nobody knows. */
export function queuePosition({ gate, position, waiting }: QueuePlace): string | undefined {
  if (position === undefined || gate === 'debounce') return undefined
  if (position === 1) return waiting === 1 ? 'next' : `next of ${waiting}`
  return waiting === undefined ? `number ${position}` : `number ${position} of ${waiting}`
}

/** What a queued execution waits for. */
export function whyQueued(queue: QueuePlace): WhyStill {
  const { gate, key, running, limit, nextAt } = queue
  const place = queuePosition(queue)
  const title = place === undefined ? 'Queued' : `Queued: ${place}`
  const until = nextAt === undefined ? {} : { until: nextAt }
  const whose = key === undefined || key === '' ? '' : ` for “${key}”`
  switch (gate) {
    case 'debounce':
      return {
        title: 'Waiting for later events',
        detail: `The last one of those that follow each other closely${whose} starts; the others are skipped.`,
        ...until,
      }
    case 'throttle': {
      const most = limit === undefined ? '' : ` at most ${limit}`
      return { title, detail: `The workflow starts${most} in its stretch of time${whose}.`, ...until }
    }
    case 'concurrency': {
      const of = limit === undefined ? '' : ` of at most ${limit}`
      const now = running === undefined ? '' : `${running}${of} under way${whose}. `
      return { title, detail: `${now}It starts when it is its turn and there is room.` }
    }
    case 'organization': {
      const of = limit === undefined ? '' : ` of at most ${limit}`
      const now = running === undefined ? '' : `${running}${of} under way in the organization. `
      return { title, detail: `${now}Its workflows take turns.` }
    }
    case 'installation':
      return { title, detail: 'The installation is busy. Organizations take turns, and this one’s workflows do too.' }
  }
}
