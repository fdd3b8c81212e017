import { z } from 'zod'
import type { GraphNode } from '../../contract/graph.ts'
import type { Json, JsonObject } from '../../contract/json.ts'
import type { Behaviour, BranchOutcome, Outcome } from '../../engine/behaviour.ts'
import { parseDuration } from '../../lib/duration.ts'
import { defineInline, type ParamProblem } from '../define.ts'
import { checkTimeout } from './check-timeout.ts'
import { errorData } from '../params/error-data.ts'
import { field } from '../params/field.ts'
import { lazySchema, type ParamsOf } from '../params/lazy-schema.ts'
import { parseParams, tryParams } from '../params/parse-params.ts'
import { repeatedPorts } from '../params/repeated-ports.ts'
import { wayOut } from '../params/way-out.ts'

const done = { name: 'done', label: 'Done' }

const parallelParams = lazySchema(() =>
  z.strictObject({
    branches: z
      .array(
        z.strictObject({
          port: wayOut(done.name).meta(field({ title: 'Key', control: 'text', expressions: false })),
          label: z
            .string()
            .max(80)
            .default('')
            .meta(field({ title: 'Name', control: 'text', expressions: false })),
        }),
      )
      .max(50)
      .meta(
        field({
          title: 'Branches',
          description:
            'Each begins at its own way out and ends by itself. What comes after all of them begins at “Done”.',
          control: 'rows',
        }),
      ),
    waitMode: z
      .enum(['all', 'any', 'first'])
      .default('all')
      .meta(
        field({
          title: 'Wait for',
          description: 'The others are cancelled when one is enough.',
          control: 'select',
          labels: { all: 'All branches', any: 'The first to finish', first: 'The first to succeed' },
          expressions: false,
        }),
      ),
    timeout: z
      .string()
      .max(100)
      .default('')
      .meta(
        field({
          title: 'At most',
          description: 'A branch that takes longer has failed. Left empty, there is no limit.',
          control: 'duration',
          placeholder: '10 minutes',
          expressions: false,
        }),
      ),
    errorHandling: z
      .enum(['stop', 'continue', 'collect'])
      .default('stop')
      .meta(
        field({
          title: 'When a branch fails',
          control: 'select',
          labels: {
            stop: 'This step fails',
            continue: 'The others go on',
            collect: 'The others go on, with its error kept',
          },
          expressions: false,
        }),
      ),
  }),
)
type ErrorHandling = ParamsOf<typeof parallelParams>['errorHandling']

export const parallel = defineInline({
  type: 'flow.parallel',
  title: 'Parallel',
  description: 'Does several things at the same time, and goes on when all, or the first of them, are done.',
  family: 'flow',
  icon: 'git-fork',
  aliases: ['fork', 'branches', 'at the same time', 'concurrent', 'race', 'fan out', 'all', 'any'],
  params: parallelParams,
  defaultParams: {
    branches: [
      { port: 'a', label: 'A' },
      { port: 'b', label: 'B' },
    ],
    waitMode: 'all',
  },
  check: checkParallel,
  ports: [done],
  portsFrom: 'branches',
  inside: { ports: 'portsFrom', goesRound: false },
  goesOnAt: done.name,
  summary: '{branches}: {waitMode}',
  sampleOutput: { branches: { a: { ok: true }, b: { ok: true } }, first: 'a' },
  compile: compileParallel,
})

function checkParallel(given: JsonObject): ParamProblem[] {
  const { params } = parseParams(parallelParams(), given)
  const { branches, timeout } = params
  const problems = repeatedPorts(branches, 'branches')
  if (branches.length === 0) {
    problems.push({
      severity: 'error',
      code: 'parallel.empty',
      message: 'Add at least one branch.',
      path: ['branches'],
    })
  }
  return [...problems, ...checkTimeout(timeout)]
}

function compileParallel({ params: given }: Pick<GraphNode, 'params'>): Behaviour {
  // Wrong params are found when it is published; a draft that is tried has no branches then.
  const tried = tryParams(parallelParams(), given)
  const { branches, waitMode, timeout, errorHandling } =
    'params' in tried ? tried.params : parallelParams().parse({ branches: [] })
  return {
    kind: 'parallel',
    branches: branches.map(({ port }) => port),
    waitFor: waitMode,
    stopsAtFailure: errorHandling === 'stop',
    timeoutMs: parseDuration(timeout) ?? null,
    combine: (results) => combined(results, errorHandling),
  }
}

function combined(results: readonly BranchOutcome[], errorHandling: ErrorHandling): Outcome {
  const branches: JsonObject = {}
  const errors: JsonObject = {}
  for (const result of results) {
    if ('failure' in result) errors[result.branch] = errorData(result.failure)
    else branches[result.branch] = result.output
  }
  const first: Json = results[0]?.branch ?? null
  return {
    output: { branches, first, ...(errorHandling === 'collect' && { errors }) },
    port: done.name,
    because: { ended: results.map(({ branch }) => branch), failed: Object.keys(errors) },
  }
}
