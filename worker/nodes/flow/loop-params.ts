import { z } from 'zod'
import { ConditionGroup } from '../../contract/condition.ts'
import type { JsonObject } from '../../contract/json.ts'
import type { Port } from '../../contract/node-type.ts'
import { planLimits } from '../../engine/compile-plan.ts'
import { field } from '../params/field.ts'
import type { ParamsOf } from '../params/lazy-schema.ts'

/** The ways out of a loop: into an iteration, and on after the last. */
export const body: Port = { name: 'body', label: 'Each' }
export const done: Port = { name: 'done', label: 'Done' }

/** Iterations of one loop, unless it says otherwise, and at most. */
export const iterationLimits = { usual: 100, most: planLimits.maxIterations } as const

/** How many iterations go on at a time, at most. */
export const mostAtOnce = 50

/** When no further iteration begins. */
export const breakCondition = () =>
  ConditionGroup.optional().meta(
    field({
      title: 'Stop when',
      description: 'Asked after each iteration, which it can read: steps of the body, loop.item, loop.index.',
      control: 'conditions',
      readIn: 'iteration',
    }),
  )

/** Which entries are passed over. */
export const continueCondition = () =>
  ConditionGroup.optional().meta(
    field({
      title: 'Skip when',
      description: 'Asked before each iteration: loop.item and loop.index can be read.',
      control: 'conditions',
      readIn: 'entry',
    }),
  )

/** What is kept of the iterations. */
export const collecting = () => ({
  collect: z
    .enum(['last', 'expression', 'nothing'])
    .default('last')
    .meta(
      field({
        title: 'Keep of each',
        control: 'select',
        labels: { last: 'The result of its last step', expression: 'An expression', nothing: 'Nothing' },
        group: 'Result',
        expressions: false,
      }),
    ),
  result: z
    .string()
    .max(16_384)
    .default('')
    .meta(
      field({
        title: 'Result of each',
        control: 'expression',
        placeholder: '{ id: loop.item.id, status: steps.send.status }',
        showWhen: { collect: 'expression' },
        group: 'Result',
        readIn: 'iteration',
      }),
    ),
})

/** How far a loop goes, and what a failure in it means. */
export const limiting = () => ({
  errorHandling: z
    .enum(['stop', 'continue', 'collect'])
    .default('stop')
    .meta(
      field({
        title: 'When an iteration fails',
        control: 'select',
        labels: {
          stop: 'This step fails',
          continue: 'The others go on',
          collect: 'The others go on, with its error kept',
        },
        group: 'Limits',
        expressions: false,
      }),
    ),
  maxIterations: z
    .int()
    .min(1)
    .max(iterationLimits.most)
    .default(iterationLimits.usual)
    .meta(
      field({
        title: 'At most',
        description: 'Iterations. More are a mistake, unless you say that it goes on then.',
        control: 'number',
        group: 'Limits',
        expressions: false,
      }),
    ),
  atLimit: z
    .enum(['fail', 'stop'])
    .default('fail')
    .meta(
      field({
        title: 'If there would be more',
        control: 'select',
        labels: { fail: 'This step fails', stop: 'It goes on without them' },
        group: 'Limits',
        expressions: false,
      }),
    ),
})

/**
 * Params of a loop as they may be executed. Versions that were published when more iterations could be entered go on as they
 * always did: with the limit.
 */
export function withinLimits(given: JsonObject): JsonObject {
  const { maxIterations } = given
  if (typeof maxIterations !== 'number' || !(maxIterations > iterationLimits.most)) return given
  return { ...given, maxIterations: iterationLimits.most }
}

const common = () => z.strictObject({ ...collecting(), ...limiting() })
export type CommonParams = ParamsOf<typeof common>
