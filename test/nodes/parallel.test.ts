import { describe, expect, test } from 'vitest'
import type { Json, JsonObject } from '../../worker/contract/json.ts'
import { validateGraph } from '../../worker/nodes/validate-graph.ts'
import { graphOf, playOf } from './support.ts'

const ab = [{ port: 'a' }, { port: 'b' }]
const give = (value: Json): [string, JsonObject] => ['data.transform', { mode: 'mapping', mapping: value }]
const broken: [string, JsonObject] = ['data.transform', { expression: 'trigger.data.nothing' }]

//                  ╔═ a ─► quick
//  start ─► both ══╬═ b ─► nap (1 h) ─► late
//                  ╚═ done ─► after
const drawn = (params: JsonObject, quick = give({ q: 1 })) =>
  graphOf(
    {
      start: ['trigger.manual'],
      both: ['flow.parallel', { branches: ab, ...params }],
      quick,
      nap: ['flow.wait', { duration: '1 hour' }],
      late: give('late'),
      after: ['data.transform', { expression: 'steps.both' }],
    },
    ['start > both', 'both.a > quick', 'both.b > nap', 'nap > late', 'both.done > after'],
  )

const data = { type: 'manual', data: {} }

describe('flow.parallel', () => {
  test('gives the result of each branch, and which was first', () => {
    const play = playOf(drawn({})).start(data)
    expect(play.status).toBe('waiting')
    play.until(3_600_000)
    expect(play.outputOf('after')).toEqual({ branches: { a: { q: 1 }, b: 'late' }, first: 'a' })
    expect(play.stepAt('both')).toMatchObject({ because: { ended: ['a', 'b'], failed: [] } })
  })

  test.each([['any'], ['first']])('waits for %s', (waitMode) => {
    const play = playOf(drawn({ waitMode })).start(data)
    expect(play.outputOf('after')).toEqual({ branches: { a: { q: 1 } }, first: 'a' })
    expect(play.status, 'and the other never began its hour').toBe('completed')
  })

  test('stops at a failure, goes on without the branch that failed, or keeps its error', () => {
    expect(playOf(drawn({}, broken)).start(data).status).toBe('failed')
    const goOn = playOf(drawn({ errorHandling: 'continue' }, broken))
      .start(data)
      .until(3_600_000)
    expect(goOn.outputOf('after')).toEqual({ branches: { b: 'late' }, first: 'a' })
    const collect = playOf(drawn({ errorHandling: 'collect' }, broken))
      .start(data)
      .until(3_600_000)
    expect(collect.outputOf('after')).toEqual({
      branches: { b: 'late' },
      first: 'a',
      errors: { a: { code: 'expression.missing_path', kind: 'terminal', message: expect.any(String) as string } },
    })
    expect(collect.status).toBe('completed_with_errors')
  })

  test('ends what takes too long', () => {
    const play = playOf(drawn({ timeout: '10 minutes', errorHandling: 'collect' }))
      .start(data)
      .until(600_000)
    expect(play.outputOf('after')).toMatchObject({ errors: { b: { code: 'parallel.timed_out', kind: 'timedOut' } } })
    expect(
      playOf(drawn({ timeout: '10 minutes' }))
        .start(data)
        .until(600_000).status,
    ).toBe('failed')
  })

  test('that is disabled goes on at “Done”', () => {
    const graph = drawn({})
    graph.nodes[1]!.settings = { disabled: true }
    expect(playOf(graph).start(data).completed).toEqual(['start', 'both', 'after'])
  })
})

describe('branches that are drawn wrongly are told so', () => {
  const problems = (nodes: Parameters<typeof graphOf>[0], edges: string[]) =>
    validateGraph(graphOf({ start: ['trigger.manual'], ...nodes }, ['start > both', ...edges])).map(
      ({ severity, code, path }) => `${severity} ${code} ${path}`,
    )
  const both = (params: JsonObject = {}): [string, JsonObject] => ['flow.parallel', { branches: ab, ...params }]

  test('in their params', () => {
    expect(problems({ both: both({ branches: [] }) }, [])).toEqual(['error parallel.empty nodes.1.params.branches'])
    expect(problems({ both: both({ branches: [...ab, ...ab] }) }, [])).toHaveLength(2)
    expect(problems({ both: both({ branches: [{ port: 'done' }] }) }, [])).toEqual([
      'error param.invalid nodes.1.params.branches.0.port',
    ])
    expect(problems({ both: both({ timeout: 'soon' }) }, [])).toEqual(['error param.invalid nodes.1.params.timeout'])
  })

  test('where a branch goes on to what comes after', () => {
    const nodes = { both: both(), x: give(1), after: give(2), rescue: give(3) }
    const warning = ['warning inside.goes_on edges.3']
    expect(problems(nodes, ['both.a > x', 'both.done > after', 'x > after', 'after > rescue'])).toEqual(warning)
    expect(problems(nodes, ['both.a > x', 'both.done > after', 'both.b > after', 'after > rescue'])).toEqual(warning)
    expect(problems(nodes, ['both.a > x', 'x > rescue', 'both.done > after'])).toEqual([])
  })

  test('but errors may go to one place from anywhere', () => {
    const nodes: Parameters<typeof graphOf>[0] = {
      both: both(),
      x: ['http.request', { url: 'https://example.com' }, { settings: { onError: 'branch' } }],
      after: ['http.request', { url: 'https://example.com' }, { settings: { onError: 'branch' } }],
      rescue: give(3),
    }
    expect(problems(nodes, ['both.a > x', 'both.done > after', 'x.error > rescue', 'after.error > rescue'])).toEqual([])
  })

  test('where a merge is to join them', () => {
    const nodes: Parameters<typeof graphOf>[0] = { both: both(), x: give(1), y: give(2), join: ['flow.merge', {}] }
    expect(problems(nodes, ['both.a > x', 'both.b > y', 'x > join', 'y > join'])).toEqual([
      'error merge.across_branches nodes.4.params',
    ])
    expect(
      problems({ ...nodes, z: give(3) }, ['both.a > x', 'both.a > y', 'both.b > z', 'x > join', 'y > join']),
    ).toEqual([])
  })

  test('where an expression reads what has not run when a branch begins', () => {
    const nodes: Parameters<typeof graphOf>[0] = {
      both: both(),
      x: ['data.transform', { expression: 'steps.after' }],
      after: ['data.transform', { expression: 'steps.both.branches.a ?? steps.x' }],
    }
    expect(problems(nodes, ['both.a > x', 'both.done > after'])).toEqual([
      'error expression.step_not_run nodes.2.params.expression',
    ])
  })
})
