import { z } from 'zod'
import { WorkflowId } from '../../contract/id.ts'
import type { Json } from '../../contract/json.ts'
import type { GraphNode } from '../../contract/graph.ts'
import type { Port } from '../../contract/node-type.ts'
import type { Behaviour, ChildEnd, Outcome, Scope } from '../../engine/behaviour.ts'
import { parseDuration } from '../../lib/duration.ts'
import { defineInline } from '../define.ts'
import { checkTimeout } from './check-timeout.ts'
import { anyJson } from '../params/any-json.ts'
import { compileValue } from '../params/compile-params.ts'
import { errorData } from '../params/error-data.ts'
import { field } from '../params/field.ts'
import { lazySchema, type ParamsOf } from '../params/lazy-schema.ts'
import { parseParams } from '../params/parse-params.ts'

const done: Port = { name: 'done', label: 'Done' }
/** Where it goes on with a workflow that failed, if that is to be caught. */
const failed: Port = { name: 'failed', label: 'If it failed' }

const callParams = lazySchema(() =>
  z.strictObject({
    workflow: z
      .string()
      .refine((id) => WorkflowId.safeParse(id).success, 'must be a workflow')
      .meta(
        field({
          title: 'Workflow',
          description: 'Its manual trigger starts it; it must be active.',
          control: 'workflow',
          placeholder: 'wf_…',
          expressions: false,
        }),
      ),
    input: anyJson
      .optional()
      .meta(field({ title: 'Input', description: 'What it reads as trigger.data.', control: 'json' })),
    wait: z
      .boolean()
      .default(true)
      .meta(field({ title: 'Wait until it has ended', control: 'switch', expressions: false })),
    output: anyJson.optional().meta(
      field({
        title: 'Result',
        description: 'Made of child.output, child.status and child.executionId. Left empty, all of its output.',
        control: 'json',
        placeholder: '{{ child.output.total }}',
        showWhen: { wait: true },
        readIn: 'child',
      }),
    ),
    errorHandling: z
      .enum(['propagate', 'catch', 'ignore'])
      .default('propagate')
      .meta(
        field({
          title: 'When it fails',
          control: 'select',
          labels: {
            propagate: 'This step fails',
            catch: 'Goes on at “If it failed”',
            ignore: 'Goes on as if it had not',
          },
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
          description: 'What takes longer is cancelled, and has failed.',
          control: 'duration',
          showWhen: { wait: true },
          expressions: false,
        }),
      ),
  }),
)

type CallParams = ParamsOf<typeof callParams>

export const callWorkflow = defineInline({
  type: 'flow.call',
  title: 'Call a workflow',
  description: 'Has another workflow do its work, and waits for what comes of it or goes on at once.',
  family: 'flow',
  icon: 'workflow',
  aliases: ['sub-workflow', 'subworkflow', 'child', 'execute workflow', 'run workflow', 'call', 'reuse', 'function'],
  params: callParams,
  defaultParams: { workflow: '', wait: true },
  check: ({ timeout }) => (typeof timeout === 'string' ? checkTimeout(timeout) : []),
  ports: [done, failed],
  goesOnAt: done.name,
  summary: '{workflow}',
  sampleOutput: { ok: true },
  compile: compileCall,
})

function compileCall({ params: given }: GraphNode): Behaviour {
  try {
    // Expressions stand in two places only, and each is read when its time has come.
    const { input = {}, output, ...rest } = given
    const { params } = parseParams(callParams(), rest)
    const read = compileValue(input, 'input')
    const { workflow, wait, timeout, errorHandling } = params
    return {
      kind: 'child',
      resolve: (scope) => ({ workflowId: workflow, input: read(scope) }),
      waits: wait,
      timeoutMs: parseDuration(timeout) ?? null,
      failsWithChild: errorHandling === 'propagate',
      combine: combineBy(params, output === undefined || output === '' ? null : compileValue(output, 'output')),
    }
  } catch (failure) {
    return {
      kind: 'pure',
      evaluate() {
        throw failure
      },
    }
  }
}

function combineBy({ errorHandling }: CallParams, read: ((scope: Scope) => Json) | null) {
  return (scope: Scope, { executionId, status, output, failure }: ChildEnd): Outcome => {
    if (status === 'started') return { output: { executionId, status }, port: done.name }
    const child = { executionId, status, output, ...(failure !== undefined && { error: errorData(failure) }) }
    const hasSucceeded = status === 'completed' || status === 'completed_with_errors'
    if (!hasSucceeded) return { output: child, port: errorHandling === 'catch' ? failed.name : done.name }
    return { output: read === null ? output : read(withChild(scope, child)), port: done.name }
  }
}

/** Expressions see every key of a scope. */
function withChild(scope: Scope, child: Json): Scope & { child: Json } {
  return { ...scope, child }
}
