import { z } from 'zod'
import { ConditionGroup } from '../../contract/condition.ts'
import type { GraphNode } from '../../contract/graph.ts'
import type { Json } from '../../contract/json.ts'
import type { Behaviour, Heard, Scope } from '../../engine/behaviour.ts'
import { unreachable } from '../../lib/unreachable.ts'
import { defineInline } from '../define.ts'
import { compileGroup } from '../params/compile-group.ts'
import { compileParams } from '../params/compile-params.ts'
import { expressionScope } from '../params/expression-scope.ts'
import { field } from '../params/field.ts'
import { lazySchema, type ParamsOf } from '../params/lazy-schema.ts'
import { invalidParam } from '../params/parse-params.ts'
import { out } from '../ports.ts'
import { durationMs, noDuration } from './wait-instant.ts'
import { atMost, contactOf, contactParam, deadline, eventPattern, text, withEvent } from './wait-topic.ts'

const eventWaitParams = lazySchema(() =>
  z.strictObject({
    eventType: text()
      .default('')
      .meta(
        field({
          title: 'Event',
          description: 'One type, such as order.paid, or all that begin alike, such as order.*.',
          control: 'eventType',
          placeholder: 'order.paid',
          expressions: false,
        }),
      ),
    of: z
      .enum(['contact', 'anyone'])
      .default('contact')
      .meta(
        field({
          title: 'Of',
          control: 'select',
          labels: { contact: 'The same contact', anyone: 'Anyone, or nobody' },
          expressions: false,
        }),
      ),
    contact: text()
      .default('')
      .meta(field({ title: 'Contact', ...contactParam, showWhen: { of: 'contact' } })),
    conditions: ConditionGroup.optional().meta(
      field({
        title: 'Only when',
        description: 'Other events are passed over. The event is event, its content event.data.',
        control: 'conditions',
        readIn: 'event',
      }),
    ),
    lookBack: z
      .enum(['none', 'start', 'duration'])
      .default('start')
      .meta(
        field({
          title: 'Events count',
          description: 'One that came before the step began, and counts, is not missed.',
          control: 'select',
          labels: {
            none: 'From this step on',
            start: 'Since the execution began',
            duration: 'Looking back for a time',
          },
          expressions: false,
        }),
      ),
    lookBackFor: text()
      .default('1 hour')
      .meta(field({ title: 'Looking back', control: 'duration', showWhen: { lookBack: 'duration' } })),
    atMost: atMost(),
  }),
)
type EventWaitParams = ParamsOf<typeof eventWaitParams>

const lapsed = { name: 'timeout', label: 'Nothing came' }

export const waitForEvent = defineInline({
  type: 'flow.waitForEvent',
  title: 'Wait for event',
  description: 'Goes on when an event comes, also one that came since the execution began, or when time is up.',
  family: 'flow',
  icon: 'radio',
  aliases: ['listen', 'until event', 'signal', 'message', 'reply', 'callback', 'await'],
  params: eventWaitParams,
  defaultParams: { eventType: '' },
  check: ({ eventType = '', atMost: most = '7 days' }) => [
    ...(eventPattern.test(String(eventType))
      ? []
      : [problem('eventType', 'Event must be words joined by dots, such as order.paid, and may end in .*.')]),
    ...(String(most).includes('{{') || durationMs(String(most)) !== null
      ? []
      : [problem('atMost', `At most ${noDuration(String(most))}.`)]),
  ],
  ports: [{ ...out, label: 'It came' }, lapsed],
  summary: '{eventType}[, at most {atMost}]',
  sampleOutput: {
    event: { type: 'order.paid', data: { total: 120 }, id: 'evt-1', occurredAt: '2026-01-15T09:30:00Z' },
  },
  compile: compileEventWait,
})

function problem(param: string, message: string) {
  return { severity: 'error', code: 'param.invalid', message, path: [param] } as const
}

function compileEventWait({ params: given }: GraphNode): Behaviour {
  const { conditions, ...plain } = given
  const resolve = compileParams(eventWaitParams(), plain)
  const decide = conditions === undefined ? null : compileGroup(conditions)
  return {
    kind: 'listen',
    begin(scope) {
      const { params } = resolve(scope)
      if (!eventPattern.test(params.eventType))
        throw invalidParam('eventType', 'must be an event type such as order.paid')
      return {
        topic: {
          match: params.eventType,
          contact: params.of === 'contact' ? contactOf(scope, params.contact) : null,
          since: sinceOf(params, scope),
        },
        dueAt: deadline('atMost', params.atMost, scope.now),
        everyMs: null,
      }
    },
    take(scope, heard) {
      if (isOwnTrigger(scope, heard)) return null
      const seen = withEvent(scope, heard)
      const decision = decide?.(seen)
      if (decision?.result === false) return null
      return {
        output: { event: expressionScope(seen)['event'] ?? null },
        port: out.name,
        ...(decision !== undefined && { because: decision.because }),
      }
    },
    ask: () => null,
    lapse: () => ({ output: { event: null }, port: lapsed.name }),
  }
}

/** The event that began the execution is not the one it waits for, though it came at the instant it looks back to. */
function isOwnTrigger({ trigger }: Scope, { type, data }: Heard): boolean {
  return trigger !== null && fieldOf(trigger, 'type') === type && fieldOf(trigger, 'id') === fieldOf(data, 'id')
}

function fieldOf(value: Json, key: string): Json | undefined {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? value[key] : undefined
}

function sinceOf({ lookBack, lookBackFor }: EventWaitParams, { now, execution }: Scope): number {
  switch (lookBack) {
    case 'none':
      return now
    case 'start':
      return Date.parse(execution.startedAt)
    case 'duration':
      return 2 * now - deadline('lookBackFor', lookBackFor, now)
    default:
      return unreachable(lookBack)
  }
}
