import { describe, expect, test } from 'vitest'
import type { JsonObject } from '../../worker/contract/json.ts'
import { validateGraph } from '../../worker/nodes/validate-graph.ts'
import { graphOf, playOf } from './support.ts'

const other = 'wf_01jd4x8m3w5q7r9t1v3x5z7b9d'

//  start ─► call ─done───► after
//             └──failed──► rescue
const drawn = (params: JsonObject = {}) =>
  graphOf(
    {
      start: ['trigger.manual'],
      call: ['flow.call', { workflow: other, input: { total: '{{ trigger.data.total * 2 }}' }, ...params }],
      after: ['data.transform', { expression: 'steps.call' }],
      rescue: ['data.transform', { expression: 'steps.call.error.code' }],
    },
    ['start > call', 'call.done > after', 'call.failed > rescue'],
  )
const begun = (params: JsonObject = {}) => playOf(drawn(params)).start({ type: 'manual', data: { total: 4 } })
const refused = { kind: 'terminal', code: 'http.422', message: 'No.' } as const

describe('flow.call', () => {
  test('calls a workflow with an input, and gives its output', () => {
    const play = begun()
    expect(play.outstanding.children).toMatchObject([{ call: { workflowId: other, input: { total: 8 } } }])
    expect(play.childEnds('call', { output: { sum: 9 } }).outputOf('after')).toEqual({ sum: 9 })
  })

  test('gives what is made of it', () => {
    const play = begun({ output: { got: '{{ child.output.sum + trigger.data.total }}', by: '{{ child.status }}' } })
    expect(play.childEnds('call', { output: { sum: 9 } }).outputOf('after')).toEqual({ got: 13, by: 'completed' })
  })

  test('fails where its result cannot be made', () => {
    const play = begun({ output: '{{ child.output.sum.of }}' }).childEnds('call', { output: {} })
    expect(play.stepAt('call')?.failure?.code).toMatch(/^expression\./)
  })

  test('does not wait where it is not to', () => {
    const play = begun({ wait: false }).childStarts('call', 'exe_9')
    expect(play.outputOf('after')).toEqual({ executionId: 'exe_9', status: 'started' })
  })

  test('hands errors on, catches them or passes over them', () => {
    const end = { status: 'failed', failure: refused } as const
    expect(begun().childEnds('call', end).stepAt('call')?.failure).toMatchObject({ message: 'No.' })
    expect(begun({ errorHandling: 'catch' }).childEnds('call', end).outputOf('rescue')).toBe('http.422')
    const ignored = begun({ errorHandling: 'ignore' }).childEnds('call', end)
    expect(ignored.outputOf('after')).toEqual({
      executionId: 'child of call',
      status: 'failed',
      output: null,
      error: refused,
    })
    expect(ignored.status).toBe('completed')
  })

  test('gives up after a while', () => {
    const play = begun({ timeout: '10 minutes', errorHandling: 'catch' }).childStarts('call').until(600_000)
    expect(play.outputOf('rescue')).toBe('call.timed_out')
    expect(play.orders).toEqual(['cancel 1/call'])
  })

  test('that is disabled goes on at “Done” with what came in', () => {
    const graph = drawn()
    graph.nodes[1]!.settings = { disabled: true }
    const play = playOf(graph).start({ type: 'manual', data: 1 })
    expect(play.outputOf('after')).toEqual({ type: 'manual', data: 1 })
  })

  test('is told what is wrong with it', () => {
    const problems = (params: JsonObject) => validateGraph(drawn(params)).map(({ code, path }) => `${code} ${path}`)
    expect(problems({ workflow: '' })).toEqual(['param.missing nodes.1.params.workflow'])
    expect(problems({ workflow: '{{ trigger.data.id }}' })).toEqual(['param.invalid nodes.1.params.workflow'])
    expect(problems({ timeout: 'soon' })).toEqual(['param.invalid nodes.1.params.timeout'])
    expect(problems({ input: '{{ child.output }}' })).toEqual(['expression.unknown_name nodes.1.params.input'])
    expect(problems({ output: '{{ child.output }}' })).toEqual([])
  })
})
