// consume-dead-letters
//
// Messages the queue gave up on. What they speak of still lies in an inbox; here it is tried once more, and, when that
// does not help for long enough, it leaves the inbox for the list that people see.
//
//   D1. Nothing leaves an inbox before it is in D1, as what it was to become or as a dead letter.
//   D2. An outage is nobody's fault: while a database or an object cannot be reached there are no dead letters, only later
//       tries. An event that meets nothing else for a day is given up all the same, so that somebody hears of it.
//   D3. Everything here may happen twice: an event is one letter, by its own id.

import type { Failure } from '../../contract/failure.ts'
import type { OrganizationId } from '../../contract/id.ts'
import type { Env } from '../../env.ts'
import { isOutage } from '../../lib/is-outage.ts'
import { unreachable } from '../../lib/unreachable.ts'
import { keepDeadLetter, type NewDeadLetter } from '../../store/dead-letters.ts'
import { openDatabase } from '../../store/database.ts'
import { parseRow, rowText } from '../../store/records.ts'
import type { AcceptedTrigger } from '../inbox/accepted-trigger.ts'
import { consumeTrigger } from './consume-trigger.ts'
import { dayMs } from '../inbox/admit.ts'
import { keptAt, type PendingRow } from '../inbox/inbox-table.ts'
import { inboxOf } from '../inbox/inbox-stub.ts'
import type { InboxRefs } from './messages.ts'
import { writeAtOnce } from '../records/project-records.ts'
import { takeInLots } from './take-in-lots.ts'

/** Tries here, a minute apart (`wrangler.toml`), before something is given up. */
export const triesBeforeGivingUp = 10
/** How long an outage excuses what lies in an inbox, in ms. */
const excusedForMs = dayMs

export async function consumeDeadLetters(batch: MessageBatch, env: Env): Promise<void> {
  for (const message of batch.messages) {
    if (!isInboxRefs(message.body)) {
      // It names no organization, so there is no list it could be on.
      const body = JSON.stringify(message.body).slice(0, 500)
      console.error({ message: 'not a message of ours', queue: batch.queue, id: message.id, body })
      message.ack()
      continue
    }
    try {
      const isDone = await tryOnceMore(env, message.body, message.attempts)
      if (isDone) message.ack()
      else message.retry()
    } catch (error) {
      console.error({ message: 'dead letter not handled', id: message.id, error: String(error) })
      message.retry()
    }
  }
}

/** Whether everything that the message speaks of is done or given up. */
async function tryOnceMore(env: Env, refs: InboxRefs, attempts: number): Promise<boolean> {
  const { organizationId, shard } = refs
  let isWhole = true
  for await (const { epoch, rows } of takeInLots(env, refs)) {
    for (const row of rows) {
      try {
        if (await complete(env, row, { shard, epoch })) continue
      } catch (error) {
        if (attempts < triesBeforeGivingUp || isExcused(row, error)) {
          isWhole = false
          continue
        }
        console.error({ message: 'given up', organizationId, shard, number: row.number, error: String(error) })
        await keepDeadLetter(openDatabase(env.LOGS), toDeadLetter(organizationId, row, error, attempts))
      }
      await inboxOf(env, organizationId, shard).confirm(organizationId, [row.number])
    }
  }
  return isWhole
}

/** Whether nothing is wrong with the entry but the time at which it is tried (D2). */
function isExcused({ number }: PendingRow, error: unknown): boolean {
  return isOutage(error) && Date.now() - keptAt(number) < excusedForMs
}

/** Does what the entry asks for, until its records are in D1. Whether it is to wait in its inbox a little longer. */
async function complete(
  env: Env,
  { kind, text }: PendingRow,
  routesAt: { shard: number; epoch: string },
): Promise<boolean> {
  switch (kind) {
    case 'trigger': {
      const { records, entry } = await consumeTrigger(env, JSON.parse(text) as AcceptedTrigger, routesAt)
      await writeAtOnce(env, records.map(rowText))
      return entry === 'held'
    }
    case 'records':
      await writeAtOnce(env, [text])
      return false
    default:
      return unreachable(kind)
  }
}

function toDeadLetter(
  organizationId: OrganizationId,
  { kind, text }: PendingRow,
  error: unknown,
  attempts: number,
): NewDeadLetter {
  const letter = { organizationId, reason: reasonOf(kind, error), attempts, lastAt: Date.now(), payload: text }
  switch (kind) {
    case 'trigger': {
      const { eventId, at, source } = JSON.parse(text) as AcceptedTrigger
      const workflowId = source.kind === 'start' ? source.workflowId : null
      return { ...letter, id: eventId, kind: 'event', workflowId, workflowName: null, firstAt: at }
    }
    case 'records': {
      const row = parseRow(text)
      const [[, id, workflowId, workflowName, , , , , , , , acceptedAt]] = row
      return {
        ...letter,
        payload: JSON.stringify(row),
        id,
        kind: 'record',
        workflowId,
        workflowName,
        firstAt: acceptedAt,
      }
    }
    default:
      return unreachable(kind)
  }
}

function reasonOf(kind: PendingRow['kind'], error: unknown): Failure {
  const message = error instanceof Error ? error.message : String(error)
  return kind === 'trigger'
    ? { kind: 'retryable', code: 'event.not_consumed', message: `What it starts could not be begun: ${message}` }
    : { kind: 'retryable', code: 'record.not_written', message: `It could not be written: ${message}` }
}

function isInboxRefs(body: unknown): body is InboxRefs {
  if (typeof body !== 'object' || body === null) return false
  const { organizationId, shard, refs } = body as Partial<InboxRefs>
  return typeof organizationId === 'string' && Number.isInteger(shard) && Array.isArray(refs)
}
