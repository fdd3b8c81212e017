import { describe, expect, test } from 'vitest'
import type { Json, JsonObject } from '../../worker/contract/json.ts'
import { validateGraph } from '../../worker/nodes/validate-graph.ts'
import { compilePlan } from '../../worker/engine/compile-plan.ts'
import { compiledNode } from '../../worker/nodes/compiled-node.ts'
import { Play } from '../engine/support/play.ts'
import { graphOf, playOf } from './support.ts'

const data = (value: Json): Json => ({ type: 'manual', data: value })
const read = (expression: string): [string, JsonObject] => ['data.transform', { expression }]
const when = (field: string, operator: string, value: Json): JsonObject => ({
  operator: 'AND',
  conditions: [{ field, operator, value }],
})

//  start ─► loop ══ body ─► work
//             ╚═ done ─► after
const round = (loop: [string, JsonObject], work = read('loop.item')) =>
  graphOf({ start: ['trigger.manual'], loop, work, after: read('steps.loop') }, [
    'start > loop',
    'loop.body > work',
    'loop.done > after',
  ])

const came = (loop: [string, JsonObject], input: Json = null, work = read('loop.item')) =>
  playOf(round(loop, work)).start(data(input)).outputOf('after')

const whole = { skipped: 0, failed: 0, stopped: null }

describe('flow.forEach', () => {
  const each = (params: JsonObject = {}): [string, JsonObject] => ['flow.forEach', { items: 'trigger.data', ...params }]

  test('does its body for each item and gives what the last step of each gave', () => {
    const work = read('{ index: loop.index, twice: loop.item * 2, last: loop.isLast, of: loop.total }')
    expect(came(each(), [5, 7], work)).toEqual({
      ...whole,
      count: 2,
      results: [
        { index: 0, twice: 10, last: false, of: 2 },
        { index: 1, twice: 14, last: true, of: 2 },
      ],
    })
  })

  test('goes through the fields of an object, a list of its own, and nothing', () => {
    expect(came(each(), { a: 1, b: 2 })).toMatchObject({
      results: [
        { key: 'a', value: 1 },
        { key: 'b', value: 2 },
      ],
    })
    expect(came(each({ items: ['x', '{{ trigger.data }}'] }), 'y')).toMatchObject({ results: ['x', 'y'] })
    expect(came(each(), [])).toEqual({ ...whole, count: 0, results: [] })
  })

  test.each([['text'], [3], [null]])('fails on %j, which is no list', (value) => {
    const play = playOf(round(each())).start(data(value))
    expect(play.stepAt('loop')).toMatchObject({ status: 'failed', failure: { code: 'params.invalid' } })
  })

  test('keeps an expression of each, or nothing', () => {
    expect(came(each({ collect: 'expression', result: '{ n: steps.work, at: loop.index }' }), [4])).toMatchObject({
      results: [{ n: 4, at: 0 }],
    })
    expect(came(each({ collect: 'nothing' }), [1, 2])).toEqual({ ...whole, count: 2 })
  })

  test('passes over what it is to skip and stops where it is to stop, and says why', () => {
    const params = {
      continueCondition: when('loop.item', '==', 2),
      breakCondition: when('steps.work', '>=', 3),
    }
    const play = playOf(round(each(params))).start(data([1, 2, 3, 4]))
    expect(play.outputOf('after')).toEqual({ results: [1, 3], count: 2, skipped: 1, failed: 0, stopped: 'break' })
    expect(play.stepAt('loop')).toMatchObject({ because: { by: 'break', because: [{ actual: 3, expected: 3 }] } })
  })

  test('leaves out what failed, or keeps its error, or fails with it', () => {
    const work = read('10 / loop.item.by')
    const items = [{ by: 2 }, {}, { by: 5 }]
    expect(came(each({ errorHandling: 'continue' }), items, work)).toMatchObject({ results: [5, 2], failed: 1 })
    expect(came(each({ errorHandling: 'collect' }), items, work)).toMatchObject({
      results: [5, 2],
      errors: [{ index: 1, item: {}, error: { code: 'expression.missing_path' } }],
    })
    expect(playOf(round(each(), work)).start(data(items)).status).toBe('failed')
  })

  test('does at most as many as it may, or says that there are more', () => {
    const play = playOf(round(each({ maxIterations: 2 }))).start(data([1, 2, 3]))
    expect(play.stepAt('loop')).toMatchObject({ failure: { code: 'loop.too_many_iterations' } })
    expect(came(each({ maxIterations: 2, atLimit: 'stop' }), [1, 2, 3])).toMatchObject({
      results: [1, 2],
      stopped: 'limit',
    })
  })

  test('has as many iterations as can be entered, and no more', () => {
    const list = Array.from({ length: 1_001 }, (_, index) => index)
    const whole = playOf(round(each({ maxIterations: 1_000 }))).start(data(list.slice(1)))
    expect(whole.until(0).outputOf('after')).toMatchObject({ count: 1_000 })
    const failed = playOf(round(each({ maxIterations: 1_000 })))
      .start(data(list))
      .stepAt('loop')
    expect(failed).toMatchObject({ failure: { details: { maxIterations: 1_000 } } })
  })

  test('has several on the way at a time, with results in the order of the list', () => {
    const graph = round(each({ concurrency: 2 }), ['http.request', { url: 'https://example.com/{{ loop.item }}' }])
    const play = playOf(graph).start(data(['a', 'b', 'c']))
    expect(play.keys).toEqual(['loop[0].work/1', 'loop[1].work/1'])
    play.succeed('loop[1].work', 'B').succeed('loop[0].work', 'A').succeed('loop[2].work', 'C')
    expect(play.outputOf('after')).toMatchObject({ results: ['A', 'B', 'C'], count: 3 })
  })

  test('that is disabled goes on at “Done” with what came in', () => {
    const graph = round(each())
    graph.nodes[1]!.settings = { disabled: true }
    const play = playOf(graph).start(data([1]))
    expect(play.completed).toEqual(['start', 'loop', 'after'])
    expect(play.outputOf('after')).toEqual(data([1]))
  })

  //  start ─► rows ══ body ─► cells ══ body ─► work
  //             ║               ╚═ done ─► row
  //             ╚═ done ─► after
  test('lies in another, whose iteration it reads by name', () => {
    const graph = graphOf(
      {
        start: ['trigger.manual'],
        rows: each(),
        cells: ['flow.forEach', { items: 'loop.item' }],
        work: read('`${loops.rows.index}.${loops.cells.index}: ${loop.item}`'),
        row: read('steps.cells.results'),
        after: read('steps.rows.results'),
      },
      ['start > rows', 'rows.body > cells', 'cells.body > work', 'cells.done > row', 'rows.done > after'],
    )
    expect(
      playOf(graph)
        .start(data([['a', 'b'], ['c']]))
        .outputOf('after'),
    ).toEqual([['0.0: a', '0.1: b'], ['1.0: c']])
  })
})

describe('flow.for', () => {
  test('counts, the end included, up and down and in fractions', () => {
    expect(came(['flow.for', { to: 3 }])).toEqual({ ...whole, count: 3, results: [1, 2, 3] })
    expect(came(['flow.for', { from: 10, to: 4, step: -3 }])).toMatchObject({ results: [10, 7, 4] })
    expect(came(['flow.for', { from: 0, to: 1, step: 0.1 }])).toMatchObject({ count: 11 })
    expect(came(['flow.for', { from: 2, to: 1 }])).toMatchObject({ results: [] })
  })

  test('reads its numbers from expressions', () => {
    expect(came(['flow.for', { from: 0, to: '{{ trigger.data.n }}', step: 2 }], { n: 4 })).toMatchObject({
      results: [0, 2, 4],
    })
  })

  test('fails where it would not move', () => {
    const play = playOf(round(['flow.for', { to: 5, step: '{{ trigger.data }}' }])).start(data(0))
    expect(play.stepAt('loop')).toMatchObject({ failure: { code: 'params.invalid' } })
  })
})

describe('flow.while', () => {
  const doubled = read('(loop.previous ?? 1) * 2')

  test('goes round as long as its condition holds, asked before', () => {
    const loop: [string, JsonObject] = ['flow.while', { condition: when('{{ loop.previous ?? 0 }}', '<', 10) }]
    expect(came(loop, null, doubled)).toMatchObject({ results: [2, 4, 8, 16], stopped: 'condition' })
  })

  test('until it holds, asked after, so at least once', () => {
    const loop: [string, JsonObject] = [
      'flow.while',
      { mode: 'until', check: 'after', condition: when('steps.work', '>=', 2) },
    ]
    expect(came(loop, null, doubled)).toMatchObject({ results: [2], stopped: 'condition' })
  })

  test('never goes on for ever', () => {
    const condition = when('loop.index', '>=', 0)
    const play = playOf(round(['flow.while', { condition, maxIterations: 7 }], doubled)).start(data(null))
    expect(play.stepAt('loop')).toMatchObject({ failure: { code: 'loop.too_many_iterations' }, progress: { done: 7 } })
  })

  test('asks a page after the other, each with what the one before said', () => {
    const graph = round(
      ['flow.while', { check: 'after', condition: when('{{ steps.work.body.next ?? "" }}', '!=', '') }],
      ['http.request', { url: 'https://example.com/?after={{ loop.previous.body.next ?? "" }}' }],
    )
    const play = playOf(graph).start(data(null))
    play.succeed('loop[0].work', { body: { next: 'p2' } })
    expect(play.outstanding.invocations[0]!.input).toMatchObject({ url: 'https://example.com/?after=p2' })
    play.succeed('loop[1].work', { body: {} })
    expect(play.outputOf('after')).toMatchObject({ count: 2, stopped: 'condition' })
  })
})

describe('loops that are drawn wrongly are told so', () => {
  const problems = (nodes: Parameters<typeof graphOf>[0], edges: string[]) =>
    validateGraph(graphOf({ start: ['trigger.manual'], ...nodes }, ['start > loop', ...edges])).map(
      ({ severity, code, path }) => `${severity} ${code} ${path}`,
    )
  const each: [string, JsonObject] = ['flow.forEach', { items: 'trigger.data' }]

  test('more iterations than any loop may have', () => {
    const withMost = (maxIterations: number) =>
      problems({ loop: ['flow.for', { from: 1, to: 3, maxIterations }], work: read('loop.item') }, ['loop.body > work'])
    expect(withMost(1_000)).toEqual([])
    expect(withMost(1_001)).toEqual(['error param.invalid nodes.1.params.maxIterations'])
  })

  test('in their params', () => {
    expect(problems({ loop: ['flow.forEach', { items: '' }] }, [])).toEqual([
      'error param.missing nodes.1.params.items',
    ])
    expect(problems({ loop: ['flow.forEach', { items: 'x', concurrency: 51 }] }, [])).toContain(
      'error param.invalid nodes.1.params.concurrency',
    )
    expect(problems({ loop: ['flow.for', { to: 3, step: 0 }] }, [])).toEqual([
      'error param.invalid nodes.1.params.step',
    ])
    expect(problems({ loop: ['flow.while', { condition: { operator: 'AND', conditions: [] } }] }, [])).toEqual([
      'warning conditions.empty nodes.1.params.condition',
    ])
  })

  test('where the last step of the body leads back', () => {
    expect(problems({ loop: each, work: read('loop.item') }, ['loop.body > work', 'work > loop'])).toEqual([
      'error inside.drawn_back edges.2',
    ])
  })

  test('where an expression reads an iteration from outside, or a step of the body from after it', () => {
    const nodes = { loop: each, work: read('loop.item'), after: read('loop.item'), last: read('steps.work') }
    const edges = ['loop.body > work', 'loop.done > after', 'after > last']
    expect(problems(nodes, edges)).toEqual([
      'error expression.unknown_name nodes.3.params.expression',
      'error expression.step_not_run nodes.4.params.expression',
    ])
  })

  test('where a condition is asked of what has not happened yet', () => {
    const loop: [string, JsonObject] = [
      'flow.forEach',
      {
        items: 'trigger.data',
        continueCondition: when('steps.work', '==', 1),
        breakCondition: when('steps.work', '==', 1),
        collect: 'expression',
        result: 'steps.work',
      },
    ]
    expect(problems({ loop, work: read('loop.item') }, ['loop.body > work'])).toEqual([
      'error expression.step_not_run nodes.1.params.continueCondition.conditions.0.field',
    ])
  })
})

test.each(['flow.forEach', 'flow.for', 'flow.while'])('%s with wrong params says so when its turn comes', (type) => {
  const graph = round([type, { maxIterations: 'many' }])
  const workflow = { id: 'wf_1', name: 'Orders', version: 1 }
  const play = new Play(compilePlan({ graph, workflow, compileNode: compiledNode })).start(data(null))
  expect(play.stepAt('loop')).toMatchObject({ status: 'failed', failure: { code: 'params.invalid' } })
})

test.each([
  ['flow.forEach', { items: 'trigger.data' }],
  ['flow.for', { from: 1, to: 3 }],
  ['flow.while', { condition: when('loop.index', '<', 3) }],
])('%s of a version from when 10,000 iterations could be entered goes on, with the limit', (type, given) => {
  const graph = round([type, { ...given, maxIterations: 10_000 }], read('loop.index'))
  const workflow = { id: 'wf_1', name: 'Orders', version: 1 }
  const play = new Play(compilePlan({ graph, workflow, compileNode: compiledNode })).start(data([1, 2, 3]))
  expect(play.outputOf('after')).toMatchObject({ results: [0, 1, 2] })
})
