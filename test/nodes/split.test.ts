import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { JsonObject } from '../../worker/contract/json.ts'
import type { Scope } from '../../worker/engine/behaviour.ts'
import { compileNode } from '../../worker/nodes/compile-node.ts'
import { validateGraph } from '../../worker/nodes/validate-graph.ts'
import { evaluate, failureOf, graphOf, nodeOf, scopeOf } from './support.ts'

//          ┌─ a ─►
//  split ──┼─ b ─►
//          └─ default ─►

const shares = (...each: number[]): JsonObject[] => each.map((share, index) => ({ port: 'abcdef'[index]!, share }))

function byContact(contact: string | null): Scope {
  return scopeOf({ body: { contact } })
}

function inExecution(id: string): Scope {
  return { ...scopeOf(), execution: { ...scopeOf().execution, id } }
}

/** How often each way is taken by so many. */
function counts(take: (index: number) => string, times = 10_000): Record<string, number> {
  const taken: Record<string, number> = {}
  for (let index = 0; index < times; index++) {
    const port = take(index)
    taken[port] = (taken[port] ?? 0) + 1
  }
  return taken
}

function pure(params: JsonObject) {
  const behaviour = compileNode(nodeOf('flow.split', params))
  if (behaviour.kind !== 'pure') throw new Error('flow.split is not pure')
  return behaviour
}

/** Problems of the node's own, as `severity code path`. */
function problems(params: JsonObject): string[] {
  const graph = graphOf({ start: ['trigger.manual'], it: ['flow.split', params] }, ['start > it'])
  return validateGraph(graph).map(({ severity, code, path }) => `${severity} ${code} ${path.replace('nodes.1.', '')}`)
}

describe('flow.split by percentages', () => {
  const params = { mode: 'percentage', branches: shares(70, 20), key: 'trigger.body.contact' }

  test('sends each way its share, and the rest to “Otherwise”', () => {
    const { evaluate } = pure(params)
    const taken = counts((index) => evaluate(byContact(`contact-${index}`)).port)
    expect(taken['a']).toBeGreaterThan(6_850)
    expect(taken['a']).toBeLessThan(7_150)
    expect(taken['b']).toBeGreaterThan(1_880)
    expect(taken['b']).toBeLessThan(2_120)
    expect(taken['default']).toBeGreaterThan(910)
    expect(taken['default']).toBeLessThan(1_090)
  })

  test('sends a contact the same way in every execution and version, and says why', () => {
    const first = evaluate('flow.split', params, byContact('ada'))
    const later: Scope = {
      ...byContact('ada'),
      execution: { id: 'exe_2', generation: 4, startedAt: '2027-01-01T00:00:00.000Z', mode: 'production' },
      workflow: { id: 'wf_1', name: 'Renamed', version: 9 },
    }
    expect(evaluate('flow.split', params, later)).toEqual(first)
    expect(first).toMatchObject({ because: { key: 'ada', drawn: expect.any(Number) as number } })
  })

  test('draws apart in two splits and in two workflows, so that one test does not decide the other', () => {
    const draws = (id: string, workflow: string) =>
      Array.from({ length: 200 }, (_, index) => {
        const behaviour = compileNode(nodeOf('flow.split', { ...params, branches: shares(50, 50) }, { id }))
        if (behaviour.kind !== 'pure') throw new Error('not pure')
        const scope = byContact(`contact-${index}`)
        return behaviour.evaluate({ ...scope, workflow: { ...scope.workflow, id: workflow } }).port
      })
    const same = (one: string[], other: string[]) => one.filter((port, index) => port === other[index]).length
    expect(same(draws('x', 'wf_1'), draws('y', 'wf_1'))).toBeLessThan(130)
    expect(same(draws('x', 'wf_1'), draws('x', 'wf_2'))).toBeLessThan(130)
  })

  test('without a key draws once for an execution, at whichever visit', () => {
    const { evaluate } = pure({ branches: shares(50, 50) })
    for (let index = 0; index < 50; index++) {
      const scope = inExecution(`exe_${index}`)
      expect(evaluate(scope, 'node#2').port).toBe(evaluate(scope, 'node').port)
    }
    const taken = counts((index) => evaluate(inExecution(`exe_${index}`)).port)
    expect(Math.abs(taken['a']! - taken['b']!)).toBeLessThan(400)
  })

  test('moves nobody between the ways that stay when a branch is added at the end', () => {
    fc.assert(
      fc.property(fc.string(), (contact) => {
        const before = evaluate('flow.split', { ...params, branches: shares(30, 30) }, byContact(contact)).port
        const after = evaluate('flow.split', { ...params, branches: shares(30, 30, 10) }, byContact(contact)).port
        expect(before === 'default' || after === before).toBe(true)
      }),
    )
  })

  test('never takes a way without a share, and always one of ways that add up to 100', () => {
    fc.assert(
      fc.property(fc.string(), fc.integer({ min: 0, max: 1_000 }), (contact, tenths) => {
        const branches = shares(tenths / 10, 0, 100 - tenths / 10)
        const { port } = evaluate('flow.split', { ...params, branches }, byContact(contact))
        expect(['a', 'c']).toContain(port)
      }),
    )
  })

  test('fails by name when the key is no text or number', () => {
    for (const key of ['trigger.body.contact', '{{ trigger.body }}']) {
      expect(failureOf(() => evaluate('flow.split', { ...params, key }, byContact(null)))).toMatchObject({
        kind: 'terminal',
        code: 'params.invalid',
        details: { param: 'key' },
      })
    }
  })
})

describe('flow.split by chance', () => {
  const params = { mode: 'weighted', branches: shares(1, 3) }

  test('draws by weight, anew at every visit, and the same again when it is replayed', () => {
    const { evaluate } = pure(params)
    const taken = counts((index) => evaluate(inExecution('exe_1'), `each[${index}].node`).port)
    expect(taken['a']).toBeGreaterThan(2_370)
    expect(taken['a']).toBeLessThan(2_630)
    expect(taken['default']).toBeUndefined()
    expect(evaluate(inExecution('exe_1'), 'node#7')).toEqual(evaluate(inExecution('exe_1'), 'node#7'))
    expect(evaluate(inExecution('exe_1'), 'node').because).toMatchObject({ of: 4 })
  })

  test('draws for a fork as it drew for its origin, by weight and by percentages', () => {
    for (const drawing of [params, { mode: 'percentage', branches: shares(50, 50) }]) {
      const { evaluate } = pure(drawing)
      const ways = (scope: Scope) =>
        Array.from({ length: 40 }, (_, visit) => JSON.stringify(evaluate(scope, `each[${visit}].node`)))
      const fork = { ...inExecution('exe_2'), chance: 'exe_1' }
      expect(ways(fork)).toEqual(ways(inExecution('exe_1')))
      expect(ways(fork)).not.toEqual(ways(inExecution('exe_2')))
    }
  })
})

describe('flow.split by conditions', () => {
  const over = (value: number) => ({
    operator: 'AND',
    conditions: [{ field: 'trigger.body.total', operator: '>', value }],
  })
  const params = {
    mode: 'conditional',
    branches: [{ port: 'gold', conditions: over(100) }, { port: 'silver', conditions: over(10) }, { port: 'nobody' }],
  }

  test.each([
    [500, 'gold'],
    [50, 'silver'],
    [5, 'default'],
  ])('takes the first branch that fits: %d goes %s', (total, port) => {
    expect(evaluate('flow.split', params, scopeOf({ body: { total } }))).toMatchObject({
      port,
      output: { branch: port },
      because: [{ actual: total }],
    })
  })
})

describe('a split that is drawn wrongly is told so', () => {
  test.each<[JsonObject, string[]]>([
    [{ branches: [] }, ['error split.empty params.branches']],
    [{ branches: shares(60, 50) }, ['error split.over_100 params.branches']],
    [{ branches: shares(60, 30) }, ['warning split.under_100 params.branches']],
    [{ branches: shares(33.3, 33.3, 33.4) }, []],
    [{ branches: [{ port: 'a' }] }, ['error split.no_share params.branches.0.share']],
    [{ branches: [...shares(50), ...shares(50)] }, ['error port.duplicate params.branches.1.port']],
    [{ branches: [{ port: 'default', share: 100 }] }, ['error param.invalid params.branches.0.port']],
    [{ mode: 'weighted', branches: shares(0, 0) }, ['error split.no_weight params.branches']],
    [{ mode: 'conditional', branches: [{ port: 'a' }] }, ['warning split.never params.branches.0.conditions']],
    [
      { mode: 'conditional', branches: [{ port: 'a', conditions: { operator: 'AND', conditions: [] } }] },
      ['warning conditions.empty params.branches.0.conditions'],
    ],
    [{ branches: shares(100), key: 'steps.later.id' }, ['error expression.unknown_name params.key']],
  ])('%j', (params, said) => {
    expect(problems(params)).toEqual(said)
  })
})
