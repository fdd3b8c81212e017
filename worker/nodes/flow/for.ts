import { z } from 'zod'
import type { GraphNode } from '../../contract/graph.ts'
import type { Behaviour } from '../../engine/behaviour.ts'
import type { LoopRange } from '../../engine/event.ts'
import { defineInline } from '../define.ts'
import { compileParams } from '../params/compile-params.ts'
import { field } from '../params/field.ts'
import { holdsExpression } from '../params/holds-expression.ts'
import { lazySchema, type ParamsOf } from '../params/lazy-schema.ts'
import { invalidParam, parseParams } from '../params/parse-params.ts'
import { brokenLoop, compileLoop } from './compile-loop.ts'
import {
  body,
  breakCondition,
  collecting,
  continueCondition,
  done,
  limiting,
  mostAtOnce,
  withinLimits,
} from './loop-params.ts'

const numbers = () => ({
  from: z
    .number()
    .default(1)
    .meta(field({ title: 'From', control: 'number' })),
  to: z.number().meta(field({ title: 'To', description: 'Included.', control: 'number' })),
  step: z
    .number()
    .default(1)
    .meta(field({ title: 'By', description: 'Below zero it counts down.', control: 'number' })),
})

const rest = () => ({
  concurrency: z
    .int()
    .min(1)
    .max(mostAtOnce)
    .default(1)
    .meta(field({ title: 'At a time', control: 'number', expressions: false })),
  continueCondition: continueCondition(),
  breakCondition: breakCondition(),
  ...collecting(),
  ...limiting(),
})

const forParams = lazySchema(() => z.strictObject({ ...numbers(), ...rest() }))
const numberParams = lazySchema(() => z.strictObject(numbers()))
const restParams = lazySchema(() => z.strictObject(rest()))

export const for_ = defineInline({
  type: 'flow.for',
  title: 'For',
  description: 'Does the same a number of times, counting from one number to another.',
  family: 'flow',
  icon: 'repeat',
  aliases: ['loop', 'count', 'times', 'repeat', 'range', 'iterate'],
  params: forParams,
  defaultParams: { from: 1, to: 10, step: 1 },
  check({ step = 1 }) {
    if (step !== 0 || holdsExpression(step)) return []
    return [{ severity: 'error', code: 'param.invalid', message: 'By must not be zero.', path: ['step'] }]
  },
  ports: [{ ...body, label: 'Each time' }, done],
  inside: { ports: [body.name], goesRound: true },
  goesOnAt: done.name,
  summary: '{from} to {to}',
  sampleOutput: { results: [1, 2, 3], count: 3, skipped: 0, failed: 0, stopped: null },
  compile: compileFor,
})

function compileFor({ params: given }: GraphNode): Behaviour {
  try {
    const { from, to, step, ...others } = given
    const { params } = parseParams(restParams(), withinLimits(others))
    const read = compileParams(numberParams(), {
      ...(from !== undefined && { from }),
      ...(to !== undefined && { to }),
      ...(step !== undefined && { step }),
    })
    return compileLoop({ ...params, atOnce: params.concurrency, range: (scope) => rangeOf(read(scope).params) })
  } catch (failure) {
    return brokenLoop(failure)
  }
}

function rangeOf({ from, to, step }: ParamsOf<typeof numberParams>): LoopRange {
  if (step === 0) throw invalidParam('step', 'must not be zero')
  // A hair more, so that from 0 to 1 by 0.1 counts eleven numbers and not ten.
  const total = Math.max(0, Math.floor((to - from) / step + 1e-9) + 1)
  return { from, step, total }
}
