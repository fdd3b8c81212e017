// judge-gates: what is wrong with who was let in where only so many go on at a time
//
//   Q1. As the journals tell it there are never more inside than the limit, whoever died in between.
//   Q2. Who waits is let in before anybody whose event was accepted later and who came later.
//   Q3. Nobody is turned away but where the workflow says so, and then not without others that go on; of a `replace`
//       never the newest.
//
// That nobody waits for ever is I8.

import type { ConcurrencySettings } from '../../worker/contract/concurrency.ts'
import type { GateAnswer } from './world.ts'
import type { Evidence } from './run-scenario.ts'
import { workflowIdOf } from './world.ts'

type Say = (oracle: string, what: string) => void

/** One generation of an execution, from when it was let in until it was over. */
interface Stay {
  /** As its gate knows it: `exe_…/1`. */
  id: string
  acceptedAt: number
  /** Epoch ms; Infinity where it was not let in, or is not over. */
  from: number
  until: number
}

interface Party {
  stays: Stay[]
  /** Executions that were skipped, or cancelled to make room. */
  turnedAway: { id: string; acceptedAt: number; why: string }[]
}

/** Holds the journals of each gate's executions against each other. */
export function judgeGates({ scenario, stored, gateAnswers, redriven }: Evidence, say: Say): void {
  for (const [index, { gate }] of scenario.workflows.entries()) {
    if (gate === undefined) continue
    const mine = stored.filter(({ row }) => row['workflow_id'] === workflowIdOf(index))
    for (const [key, some] of Map.groupBy(mine, keyOf)) {
      const about = (oracle: string, what: string) => say(oracle, `the gate “${key}”: ${what}`)
      const party = partyOf(some)
      judgeLimit(party, gate, about)
      if (gate.limit === 1 && gate.policy === 'queue') judgeOrder(party, gateAnswers, about)
      if (some.every(({ id }) => !redriven.has(id))) judgeTurnedAway(party, gate, about)
    }
  }
}

function keyOf({ entries }: Evidence['stored'][number]): string {
  const [first] = entries[0]?.events ?? []
  const gates = first?.type === 'started' ? first.gates : undefined
  return gates?.[0]?.key ?? ''
}

function partyOf(stored: Evidence['stored']): Party {
  const party: Party = { stays: [], turnedAway: [] }
  for (const { id, row, entries } of stored) {
    const acceptedAt = Number(row['accepted_at'])
    let stay: Stay = { id: `${id}/1`, acceptedAt, from: Infinity, until: Infinity }
    party.stays.push(stay)
    for (const event of entries.flatMap(({ events }) => events)) {
      if (event.type === 'gatePassed') stay.from = event.at
      if (event.type === 'redriven') {
        stay = { id: `${id}/${event.generation}`, acceptedAt: event.at, from: Infinity, until: Infinity }
        party.stays.push(stay)
      }
      if (event.type === 'cancelRequested' && event.by === 'concurrency') {
        party.turnedAway.push({ id, acceptedAt, why: 'concurrency.replaced' })
      }
      if (event.type !== 'finished') continue
      stay.until = event.at
      if (event.status === 'skipped') party.turnedAway.push({ id, acceptedAt, why: event.failure?.code ?? '' })
    }
  }
  return party
}

function judgeLimit({ stays }: Party, { limit = 1 }: ConcurrencySettings, about: Say): void {
  for (const { id, from } of stays) {
    if (from === Infinity) continue
    const inside = stays.filter((other) => other.from <= from && from < other.until)
    if (inside.length > limit) about('Q1', `${inside.length} were inside when ${id} was let in, of ${limit}`)
  }
}

/** With one place nobody can be let in beside another, so that the journals have the order of the gate. */
function judgeOrder({ stays }: Party, answers: readonly GateAnswer[], about: Say): void {
  for (const earlier of stays) {
    const stands = answers.find(({ id, kind }) => id === earlier.id && kind === 'waiting')
    if (stands === undefined || earlier.from === Infinity) continue
    for (const later of stays) {
      if (later.acceptedAt <= earlier.acceptedAt || later.from >= earlier.from) continue
      const came = answers.find(({ id }) => id === later.id)
      if (came !== undefined && came.arrivedAt > stands.at) {
        about('Q2', `${later.id} was let in before ${earlier.id}, which was waiting when it came`)
      }
    }
  }
}

function judgeTurnedAway({ stays, turnedAway }: Party, { policy, limit = 1 }: ConcurrencySettings, about: Say): void {
  const newest = Math.max(...stays.map(({ acceptedAt }) => acceptedAt))
  const isAlone = stays.filter(({ acceptedAt }) => acceptedAt === newest).length === 1
  const may = { queue: '', drop: 'concurrency.dropped', replace: 'concurrency.replaced' }[policy ?? 'queue']
  for (const { id, acceptedAt, why } of turnedAway) {
    if (why !== may) about('Q3', `${id} was turned away: ${why}`)
    if (policy === 'replace' && isAlone && acceptedAt === newest) about('Q3', `${id} is the newest, and was replaced`)
    const others = stays.filter((stay) => !stay.id.startsWith(id) && stay.from < Infinity)
    if (policy === 'drop' && others.length < limit) about('Q3', `${id} was dropped, and nobody was inside`)
  }
}
