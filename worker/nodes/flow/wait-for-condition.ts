import { z } from 'zod'
import { ConditionGroup } from '../../contract/condition.ts'
import type { Json } from '../../contract/json.ts'
import type { GraphNode } from '../../contract/graph.ts'
import type { Behaviour, Outcome, Scope } from '../../engine/behaviour.ts'
import { defineInline } from '../define.ts'
import { compileGroup } from '../params/compile-group.ts'
import { compileParams } from '../params/compile-params.ts'
import { emptyConditions } from '../params/empty-conditions.ts'
import { field } from '../params/field.ts'
import { lazySchema } from '../params/lazy-schema.ts'
import { invalidParam } from '../params/parse-params.ts'
import { out } from '../ports.ts'
import { durationMs, noDuration } from './wait-instant.ts'
import { atMost, contactOf, contactParam, deadline, eventPattern, text, withEvent } from './wait-topic.ts'

/** It asks by itself no more often than this. */
const leastEveryMs = 5 * 60_000

const conditionWaitParams = lazySchema(() =>
  z.strictObject({
    conditions: ConditionGroup.meta(
      field({
        title: 'Until',
        description:
          'Decided as soon as something about the contact changes. What changed is event, the contact contact.',
        control: 'conditions',
        readIn: 'event',
      }),
    ),
    of: z
      .enum(['contact', 'event'])
      .default('contact')
      .meta(
        field({
          title: 'Look when',
          control: 'select',
          labels: { contact: 'Something about the contact changes', event: 'An event comes' },
          expressions: false,
        }),
      ),
    contact: text()
      .default('')
      .meta(field({ title: 'Contact', ...contactParam, showWhen: { of: 'contact' } })),
    eventType: text()
      .default('')
      .meta(
        field({
          title: 'Event',
          control: 'eventType',
          placeholder: 'order.*',
          showWhen: { of: 'event' },
          expressions: false,
        }),
      ),
    every: text()
      .default('1 hour')
      .meta(
        field({
          title: 'And look again every',
          description: 'In case a change went by unseen. 5 minutes is the least.',
          control: 'duration',
        }),
      ),
    atMost: atMost(),
  }),
)

const lapsed = { name: 'timeout', label: 'Time is up' }

export const waitForCondition = defineInline({
  type: 'flow.waitForCondition',
  title: 'Wait for condition',
  description: 'Goes on when its conditions hold, as soon as a change makes them so, or when time is up.',
  family: 'flow',
  icon: 'filter',
  aliases: ['until', 'when', 'goal', 'hold', 'await'],
  params: conditionWaitParams,
  defaultParams: { conditions: { operator: 'AND', conditions: [] } },
  check: ({ conditions, of, eventType = '', every = '1 hour' }) => [
    ...emptyConditions(conditions, ['conditions']),
    ...(of === 'event' && !eventPattern.test(String(eventType))
      ? [problem('eventType', 'Event must be words joined by dots, such as order.paid, and may end in .*.')]
      : []),
    ...(String(every).includes('{{') || durationMs(String(every)) !== null
      ? []
      : [problem('every', `And look again every ${noDuration(String(every))}.`)]),
  ],
  ports: [{ ...out, label: 'It holds' }, lapsed],
  summary: 'Until {conditions}[, at most {atMost}]',
  sampleOutput: { met: true },
  compile: compileConditionWait,
})

function problem(param: string, message: string) {
  return { severity: 'error', code: 'param.invalid', message, path: [param] } as const
}

function compileConditionWait({ params: given }: GraphNode): Behaviour {
  const { conditions, ...plain } = given
  const resolve = compileParams(conditionWaitParams().omit({ conditions: true }), plain)
  const decide = compileGroup(conditions)

  function ask(scope: Scope): Outcome | null {
    const { result, because } = decide('event' in scope ? scope : withoutEvent(scope))
    return result ? { output: { met: true }, port: out.name, because } : null
  }

  return {
    kind: 'listen',
    begin(scope) {
      const { params } = resolve(scope)
      const { of, eventType, contact } = params
      const dueAt = deadline('atMost', params.atMost, scope.now)
      const everyMs = deadline('every', params.every, scope.now) - scope.now
      if (of === 'event' && !eventPattern.test(eventType))
        throw invalidParam('eventType', 'must be an event type such as order.paid')
      const match = of === 'event' ? eventType : 'contact.*'
      const topic = { match, contact: of === 'contact' ? contactOf(scope, contact) : null, since: scope.now }
      return ask(scope) ?? { topic, dueAt, everyMs: Math.max(everyMs, leastEveryMs) }
    },
    take: (scope, heard) => ask(withEvent(scope, heard)),
    ask,
    lapse: () => ({ output: { met: false }, port: lapsed.name }),
  }
}

/** Before anything has come there is no event: conditions about it find nothing there, and are no mistake. */
function withoutEvent(scope: Scope): Scope {
  return { contact: null, ...scope, event: null } as Scope & { contact: Json; event: Json }
}
