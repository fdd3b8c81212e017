import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { ConditionOperator } from '../../worker/contract/condition.ts'
import { Graph as GraphSchema, type Graph, type NodeSettings } from '../../worker/contract/graph.ts'
import type { Json, JsonObject } from '../../worker/contract/json.ts'
import { preciseIssues } from '../../worker/contract/precise-issues.ts'
import { Problem } from '../../worker/contract/problem.ts'
import { compilePlan } from '../../worker/engine/compile-plan.ts'
import { compileNode } from '../../worker/nodes/compile-node.ts'
import { nodeDefinitions } from '../../worker/nodes/registry.ts'
import { validateGraph } from '../../worker/nodes/validate-graph.ts'
import { graphOf } from './support.ts'
import { expectWithin } from '../support/expect-within.ts'

type Nodes = Parameters<typeof graphOf>[0]

const start: Nodes = { start: ['trigger.manual'] }
const conditions = { operator: 'AND', conditions: [{ field: 'trigger.data.total', operator: '>', value: 1 }] }

/** `severity code path` of each problem. */
function problemsOf(graph: Graph): string[] {
  return validateGraph(graph).map(({ severity, code, path }) => `${severity} ${code} ${path}`)
}

/** Problems of one node of a type, behind a manual trigger. */
function problemsWith(type: string, params: JsonObject): string[] {
  return problemsOf(graphOf({ ...start, it: [type, params] }, ['start > it']))
}

//  start ─► score ─► big? ─true─► notify
//                         └false─► later ─► notify
const good = graphOf(
  {
    start: ['trigger.webhook', { methods: ['POST'], verification: 'none', dedupeBy: 'trigger.body.id' }],
    score: ['data.set', { fields: [{ name: 'total', value: '{{ trigger.body.a + trigger.body.b }}' }] }],
    big: [
      'flow.if',
      {
        conditions: {
          operator: 'AND',
          conditions: [{ field: 'steps.score.total', operator: '>', value: '{{ vars.limit }}' }],
        },
      },
    ],
    later: ['flow.wait', { duration: '{{ steps.score.total }} minutes' }],
    notify: [
      'http.request',
      {
        method: 'POST',
        url: 'https://api.example.com/{{ steps.score.total }}',
        bodyType: 'json',
        json: '{{ trigger.body }}',
      },
    ],
  },
  ['start > score', 'score > big', 'big.true > notify', 'big.false > later', 'later > notify'],
)
good.variables = { limit: 10 }

describe('conditions in the settings', () => {
  //  start ─► score ─► it (only if …) ─► late
  const guarded = (field: string, type = 'data.set'): Graph => {
    const executeIf = { operator: 'AND' as const, conditions: [{ field, operator: 'exists' as const }] }
    return graphOf(
      { ...start, score: ['data.set'], it: [type, { fields: [] }, { settings: { executeIf } }], late: ['data.set'] },
      ['start > score', 'score > it', 'it > late'],
    )
  }

  test('may read what comes before', () => {
    expect(problemsOf(guarded('steps.score.total'))).toEqual([])
  })

  test('are told what does not', () => {
    const path = 'nodes.2.settings.executeIf.conditions.0.field'
    expect(problemsOf(guarded('steps.late.total'))).toEqual([`error expression.step_not_run ${path}`])
    expect(problemsOf(guarded('stesp.score'))).toEqual([`error expression.unknown_name ${path}`])
  })

  test('that are empty, or stand at a trigger, decide nothing', () => {
    const empty = { operator: 'AND' as const, conditions: [] }
    const graph = graphOf(
      {
        start: ['trigger.manual', {}, { settings: { executeIf: empty } }],
        it: ['data.set', { fields: [] }, { settings: { executeIf: empty } }],
      },
      ['start > it'],
    )
    expect(problemsOf(graph)).toEqual([
      'warning settings.execute_if_trigger nodes.0.settings.executeIf',
      'warning conditions.empty nodes.1.settings.executeIf',
    ])
  })
})

test('a good graph has no problems', () => {
  expect(validateGraph(good)).toEqual([])
})

test("every problem is one the wire's schema takes", () => {
  const graph = graphOf({ a: ['flow.if', {}], b: ['no.such', {}] }, ['a.maybe > b', 'b > a', 'b > gone'])
  const problems = validateGraph(graph)
  expect(problems.length).toBeGreaterThan(4)
  for (const problem of problems) {
    expect(Problem.parse(problem)).toEqual(problem)
    expect(problem.message).toMatch(/^[A-Z“].*\.$/)
  }
})

describe('a mistake in conditions is said where it is', () => {
  const ok = { field: 'trigger.data.x', operator: '==', value: 1 }
  const said = (...conditions: Json[]) =>
    validateGraph(
      graphOf({ ...start, it: ['flow.if', { conditions: { operator: 'AND', conditions } }] }, ['start > it']),
    ).map(({ code, path, message }) => `${code} ${path.replace('nodes.1.params.conditions.', '')} ${message}`)

  test.each<[string, Json, string]>([
    [
      'an operator that is none',
      { ...ok, operator: 'eq' },
      'param.invalid conditions.0.operator operator must be one of ==, !=',
    ],
    [
      'beside an expression',
      { ...ok, field: '{{ trigger.data.x }}', operator: 'eq' },
      'param.invalid conditions.0.operator operator must be one of',
    ],
    ['no field', { operator: '==', value: 1 }, 'param.missing conditions.0.field What is compared is missing'],
    ['a field of numbers', { ...ok, field: 5 }, 'param.invalid conditions.0.field What is compared must be text'],
    ['a key too many', { ...ok, logic: 'AND' }, 'param.unknown conditions.0.logic There is no param “logic” here'],
    ['nothing', {}, 'param.missing conditions.0.field What is compared is missing'],
    [
      'a group inside',
      { operator: 'OR', conditions: [ok, { ...ok, operator: 'eq' }] },
      'param.invalid conditions.0.conditions.1.operator operator must be one of ==',
    ],
    [
      'a word in small letters',
      { operator: 'or', conditions: [ok] },
      'param.invalid conditions.0.operator operator must be one of AND, OR, NOT',
    ],
    ['a text', 'x == 1', 'param.invalid conditions.0 0 has none of the forms it may have'],
  ])('%s', (_name, condition, message) => {
    expect(said(condition)[0]).toContain(message)
  })

  test('in the settings too, which the graph itself refuses', () => {
    const executeIf = { operator: 'AND', conditions: [{ operator: 'OR', conditions: [{ ...ok, operator: 'eq' }] }] }
    const node = { id: 'a', type: 'data.set', name: 'A', position: { x: 0, y: 0 }, params: {}, settings: { executeIf } }
    const parsed = GraphSchema.safeParse({ version: 1, nodes: [node], edges: [] })
    expect(preciseIssues(parsed.error?.issues ?? []).map(({ path }) => path.join('.'))).toEqual([
      'nodes.0.settings.executeIf.conditions.0.conditions.0.operator',
    ])
  })

  test('each has its own', () => {
    expect(said({ operator: 'eq' }, ok, { ...ok, operator: 'eq' })).toHaveLength(3)
  })
})

test('a step whose time is over before its first pause is a warning', () => {
  const call = (settings: NodeSettings) =>
    problemsOf(
      graphOf({ ...start, it: ['http.request', { url: 'https://a.example.com/' }, { settings }] }, ['start > it']),
    )
  const late = ['warning settings.retry_too_late nodes.1.settings.stepTimeoutMs']
  expect(call({ retry: { delayMs: 60_000 }, stepTimeoutMs: 60_000 })).toEqual(late)
  expect(call({ retry: { delayMs: 60_000 }, stepTimeoutMs: 61_000 })).toEqual([])
  expect(call({ retry: { delayMs: 60_000, maxRetries: 0 }, stepTimeoutMs: 60_000 })).toEqual([])
  expect(call({ retry: { delayMs: 3_600_000, backoff: 'fixed' } })).toEqual([])
})

describe('a comparison that was not finished', () => {
  type Comparison =
    | { field: string; operator: ConditionOperator }
    | { field: string; operator: ConditionOperator; value: Json }
  const of = (operator: ConditionOperator, value?: Json): Comparison =>
    value === undefined ? { field: 'trigger.data.x', operator } : { field: 'trigger.data.x', operator, value }
  const group = (...conditions: Comparison[]) => ({ operator: 'AND' as const, conditions })
  const orders = ['>', '>=', '<', '<=', 'greater_than', 'greater_or_equal', 'less_than', 'less_or_equal'] as const
  const parts = ['contains', 'not_contains', 'includes', 'not_includes', 'starts_with', 'ends_with'] as const
  const needing = [...orders, ...parts, 'matches_regex', 'in', 'not_in'] as const

  test.each(needing)('%s without a value is an error', (operator) => {
    const path = 'nodes.1.params.conditions.conditions.0.value'
    expect(problemsWith('flow.filter', { conditions: group(of(operator, '')) })).toEqual([
      `error condition.no_value ${path}`,
    ])
    expect(problemsWith('flow.filter', { conditions: group(of(operator)) })).toEqual([
      expect.stringMatching(
        /^error (?:condition\.no_value|expression\.value) nodes\.1\.params\.conditions\.conditions\.0\.value$/,
      ),
    ])
    for (const given of [0, 'x', '{{ "" }}']) {
      expect(problemsWith('flow.filter', { conditions: group(of(operator, given)) }).join()).not.toContain('no_value')
    }
  })

  test.each(['==', '!=', 'equals', 'not_equals', 'exists', 'is_empty'] as const)(
    '%s may stand without one',
    (operator) => {
      expect(problemsWith('flow.filter', { conditions: group(of(operator, '')) })).toEqual([])
      expect(problemsWith('flow.filter', { conditions: group(of(operator)) })).toEqual([])
    },
  )

  test('is found wherever conditions stand, and as deep', () => {
    const inner = group(of('contains', ''))
    const nested = { operator: 'OR' as const, conditions: [of('exists'), inner] }
    expect(problemsWith('flow.if', { conditions: nested })).toEqual([
      'error condition.no_value nodes.1.params.conditions.conditions.1.conditions.0.value',
    ])
    expect(problemsWith('flow.if', { conditions: { operator: 'AND', conditions: [of('exists'), group()] } })).toEqual([
      'warning conditions.empty nodes.1.params.conditions.conditions.1',
    ])
    const guarded = graphOf({ ...start, it: ['data.set', { fields: [] }, { settings: { executeIf: inner } }] }, [
      'start > it',
    ])
    expect(problemsOf(guarded)).toEqual(['error condition.no_value nodes.1.settings.executeIf.conditions.0.value'])
    const entering = graphOf({ start: ['trigger.event', { eventType: 'contact.created', conditions: inner }] }, [])
    expect(problemsOf(entering)).toEqual(['error condition.no_value nodes.0.params.conditions.conditions.0.value'])
  })
})

describe('where it starts', () => {
  test('an empty graph, and one without a trigger, start nowhere', () => {
    expect(problemsOf(graphOf({}, []))).toEqual(['error graph.no_trigger nodes'])
    expect(problemsOf(graphOf({ a: ['data.set'] }, []))).toEqual(['error graph.no_trigger nodes'])
  })

  test('a node that no trigger leads to is a warning', () => {
    expect(problemsOf(graphOf({ ...start, a: ['data.set'], b: ['data.set'] }, ['start > a']))).toEqual([
      'warning node.unreachable nodes.2',
    ])
  })

  test('triggers that are switched off start nothing, and what only they lead to does not run', () => {
    const off = { settings: { disabled: true } }
    const graph = (hook: object) =>
      graphOf({ hook: ['trigger.webhook', {}, hook], ...start, a: ['data.set'], b: ['data.set'] }, [
        'hook > a',
        'start > b',
      ])
    expect(problemsOf(graph({}))).toEqual([])
    expect(problemsOf(graph(off))).toEqual(['warning node.unreachable nodes.2'])
    const asleep = graphOf({ hook: ['trigger.webhook', {}, off], a: ['data.set'] }, ['hook > a'])
    expect(problemsOf(asleep)).toEqual(['warning graph.triggers_off nodes'])
  })

  test('a webhook answered by a node needs one that comes after it', () => {
    const byNode = { start: ['trigger.webhook', { respond: 'node' }], a: ['data.set'], r: ['webhook.respond'] } as Nodes
    expect(problemsOf(graphOf(byNode, ['start > a', 'start > r']))).toEqual([])
    expect(problemsOf(graphOf(byNode, ['start > a']))).toEqual([
      'warning node.unreachable nodes.2',
      'error webhook.no_respond nodes.0.params.respond',
    ])
    const off = { ...byNode, r: ['webhook.respond', {}, { settings: { disabled: true } }] } as Nodes
    expect(problemsOf(graphOf(off, ['start > a', 'start > r']))).toContain(
      'error webhook.no_respond nodes.0.params.respond',
    )
  })

  describe('a wait before the answer that is longer than the sender waits', () => {
    const waits = (params: JsonObject, settings = {}) =>
      ({
        start: ['trigger.webhook', { respond: 'node' }],
        later: ['flow.wait', params, { settings }],
        r: ['webhook.respond'],
      }) as Nodes
    const ways = ['start > later', 'later > r']

    test.each([
      [{ duration: '26 seconds' }, 'duration'],
      [{ mode: 'random', atLeast: '1 minute', atMost: '2 minutes' }, 'atLeast'],
      [{ mode: 'businessHours', count: 'hours', amount: 1 }, 'amount'],
    ])('is a warning at what says so: %j', (params, param) => {
      const [problem, ...others] = validateGraph(graphOf(waits(params), ways))
      expect([problem, others]).toMatchObject([
        {
          severity: 'warning',
          code: 'webhook.late_respond',
          path: `nodes.1.params.${param}`,
          nodeId: 'later',
          message: expect.stringMatching(/25 seconds.*“r”.*Answer before it/) as unknown,
        },
        [],
      ])
    })

    test.each([
      [{ duration: '25 seconds' }],
      [{ duration: '{{ trigger.body.wait }}' }],
      [{ mode: 'random', atLeast: '1 second', atMost: '1 hour' }],
      [{ mode: 'quietHours' }],
      [{ mode: 'businessHours', count: 'hours', amount: '{{ trigger.body.hours }}' }],
    ])('is none where it may be over in time: %j', (params) => {
      expect(problemsOf(graphOf(waits(params), ways))).toEqual([])
    })

    test('is none where it is off, where it comes after the answer, and where nobody waits for one', () => {
      const hour = { duration: '1 hour' }
      expect(problemsOf(graphOf(waits(hour, { disabled: true }), ways))).toEqual([])
      expect(problemsOf(graphOf(waits(hour), ['start > r', 'r > later']))).toEqual([])
      const again = { ...waits(hour), last: ['webhook.respond'] } as Nodes
      expect(problemsOf(graphOf(again, ['start > r', 'r > later', 'later > last']))).toEqual([])
      const atOnce = { ...waits(hour), start: ['trigger.webhook'] } as Nodes
      expect(problemsOf(graphOf(atOnce, ways))).toEqual(['warning webhook.respond_unused nodes.2'])
    })
  })

  test('an answer nobody waits for is a warning', () => {
    const nodes = { start: ['trigger.webhook', {}], r: ['webhook.respond'] } as Nodes
    expect(problemsOf(graphOf(nodes, ['start > r']))).toEqual(['warning webhook.respond_unused nodes.1'])
  })
})

describe('edges', () => {
  test('must lead from and to nodes that are there', () => {
    const graph = graphOf(start, ['start > gone', 'gone > start'])
    expect(problemsOf(graph)).toEqual(['error edge.dangling edges.0.target', 'error edge.dangling edges.1.source'])
    expect(validateGraph(graph)[0]).toMatchObject({
      edgeId: 'start > gone',
      message: 'The edge leads to “gone”, which is not there.',
    })
  })

  test('must leave by a way that the node has', () => {
    const nodes = {
      ...start,
      a: ['flow.if', { conditions }],
      s: ['flow.switch', { value: 'trigger.x', cases: [{ port: 'one', equals: 1 }] }],
      e: ['flow.end'],
      z: ['data.set'],
    } as Nodes
    const graph = graphOf(nodes, [
      'start > a',
      'a.maybe > z',
      'a.true > s',
      's.one > z',
      's.default > e',
      's.two > z',
      'e > z',
    ])
    expect(problemsOf(graph)).toEqual([
      'error edge.unknown_port edges.1.sourcePort',
      'error edge.unknown_port edges.5.sourcePort',
      'error edge.unknown_port edges.6.sourcePort',
    ])
    expect(validateGraph(graph)[0]!.message).toBe('“a” has no way out “maybe”. It has true, false.')
  })

  test('A5: a way out called like what every object has is one that is not there', () => {
    for (const port of ['constructor', '__proto__', 'toString', 'hasOwnProperty']) {
      const [problem] = validateGraph(
        graphOf({ ...start, a: ['data.set'], b: ['data.set'] }, ['start > a', `a.${port} > b`]),
      )
      expect(problem).toMatchObject({
        code: 'edge.unknown_port',
        message: `“a” has no way out “${port}”. It has out.`,
      })
    }
  })

  test('may leave by error once the node goes on at a branch', () => {
    const nodes = (onError: 'branch' | 'stop') =>
      ({
        ...start,
        h: ['http.request', { url: 'https://api.example.com/' }, { settings: { onError } }],
        z: ['data.set'],
      }) as Nodes
    const edges = ['start > h', 'h > z', 'h.error > z']
    expect(problemsOf(graphOf(nodes('branch'), edges))).toEqual([])
    expect(problemsOf(graphOf(nodes('stop'), edges))).toEqual(['error edge.unknown_port edges.2.sourcePort'])
  })

  test('must not lead into a trigger, nor be there twice', () => {
    const graph = graphOf({ ...start, other: ['trigger.manual'], a: ['data.set'] }, ['start > other', 'start > a'])
    graph.edges.push({ ...graph.edges[1]!, id: 'again' }, { ...graph.edges[1]!, target: 'a', sourcePort: 'out' })
    expect(problemsOf(graph)).toEqual([
      'error edge.into_trigger edges.0.target',
      'warning edge.duplicate edges.2.id',
      'error edge.duplicate_id edges.3.id',
      'warning edge.duplicate edges.3.id',
    ])
  })

  //  start ─► a ─► b ─► c
  //           ▲         │
  //           └─────────┘
  test('must not lead back', () => {
    const nodes = { ...start, a: ['data.set'], b: ['data.set'], c: ['data.set'] } as Nodes
    const graph = graphOf(nodes, ['start > a', 'a > b', 'b > c', 'c > a'])
    expect(validateGraph(graph)).toMatchObject([
      {
        code: 'graph.cycle',
        edgeId: 'c > a',
        path: 'edges.3',
        message: 'This way leads back to where it came from: a → b → c → a.',
      },
    ])
    expect(problemsOf(graphOf(nodes, ['start > a', 'a > b', 'b > c', 'b > b']))).toEqual(['error graph.cycle edges.3'])
    expect(problemsOf(graphOf(nodes, ['start > a', 'start > b', 'a > c', 'b > c']))).toEqual([])
  })
})

describe('nodes', () => {
  test('of a type that is not there, or with a key that is taken', () => {
    const graph = graphOf({ ...start, a: ['no.such', {}], b: ['data.set'] }, ['start > a', 'start > b'])
    graph.nodes[2]!.id = 'a'
    expect(problemsOf(graph)).toEqual([
      'error node.duplicate_id nodes.2.id',
      'error node.unknown_type nodes.1.type',
      'error edge.dangling edges.1.target',
    ])
  })

  test.each<[string, JsonObject, string[]]>([
    ['http.request', {}, ['error param.missing nodes.1.params.url']],
    ['http.request', { url: '' }, ['error param.missing nodes.1.params.url']],
    ['http.request', { url: 'ftp://x.example.com' }, ['error param.invalid nodes.1.params.url']],
    ['http.request', { url: 'https://x.example.com', method: 'BREW' }, ['error param.invalid nodes.1.params.method']],
    ['http.request', { url: 'https://x.example.com', mehtod: 'GET' }, ['error param.unknown nodes.1.params.mehtod']],
    [
      'http.request',
      { url: 'https://x.example.com', maxRedirects: 6 },
      ['error param.invalid nodes.1.params.maxRedirects'],
    ],
    ['http.request', { url: 'https://x.example.com', expected: 'ok' }, ['error param.invalid nodes.1.params.expected']],
    [
      'http.request',
      { url: 'https://x.example.com', headers: { a: {} } },
      ['error param.invalid nodes.1.params.headers.a'],
    ],
    [
      'http.request',
      { url: 'https://x.example.com', bodyType: 'json' },
      ['error param.invalid nodes.1.params.bodyType'],
    ],
    ['http.request', { url: '{{ trigger.data.url }}', method: '{{ vars.m ?? "GET" }}', maxRedirects: '{{ 1 }}' }, []],
    ['flow.if', {}, ['error param.missing nodes.1.params.conditions']],
    [
      'flow.if',
      { conditions: { operator: 'AND', conditions: [] } },
      ['warning conditions.empty nodes.1.params.conditions'],
    ],
    [
      'flow.if',
      { conditions: { operator: 'XOR', conditions: [] } },
      ['error param.invalid nodes.1.params.conditions.operator'],
    ],
    [
      'flow.filter',
      { conditions: { operator: 'OR', conditions: [] } },
      ['warning conditions.empty nodes.1.params.conditions'],
    ],
    ['flow.switch', { cases: [] }, ['error switch.empty nodes.1.params.cases']],
    ['flow.switch', { cases: [{ port: 'a', equals: 1 }] }, ['error switch.no_value nodes.1.params.value']],
    [
      'flow.switch',
      {
        value: 'trigger.x',
        cases: [
          { port: 'a', equals: 1 },
          { port: 'a', equals: 2 },
        ],
      },
      ['error switch.duplicate_port nodes.1.params.cases.1.port'],
    ],
    [
      'flow.switch',
      { value: 'trigger.x', cases: [{ port: 'a' }] },
      ['warning switch.empty_case nodes.1.params.cases.0'],
    ],
    [
      'flow.switch',
      { value: 'trigger.x', cases: [{ port: 'default', equals: 1 }] },
      ['error param.invalid nodes.1.params.cases.0.port'],
    ],
    [
      'flow.switch',
      { value: 'trigger.x', cases: [{ port: '{{ a }}', equals: 1 }] },
      ['error param.invalid nodes.1.params.cases.0.port'],
    ],
    ['flow.wait', { duration: 'a while' }, ['error param.invalid nodes.1.params.duration']],
    ['flow.wait', { duration: '2 years' }, ['error param.invalid nodes.1.params.duration']],
    ['flow.wait', { mode: 'until', until: 'someday' }, ['error param.invalid nodes.1.params.until']],
    [
      'flow.wait',
      { mode: 'until', until: '2026-01-01', timeZone: 'Mars' },
      ['error param.invalid nodes.1.params.timeZone'],
    ],
    ['flow.wait', { mode: 'until', until: '{{ trigger.data.at }}' }, []],
    ['data.set', { fields: [{ name: '__proto__', value: 1 }] }, ['error param.invalid nodes.1.params.fields.0.name']],
    ['data.set', { fields: [{ value: 1 }] }, ['error param.missing nodes.1.params.fields.0.name']],
    ['data.transform', { expression: ' ' }, ['warning transform.empty nodes.1.params.expression']],
    [
      'webhook.respond',
      { status: 42 },
      ['error param.invalid nodes.1.params.status', 'warning webhook.respond_unused nodes.1'],
    ],
    ['flow.end', { status: 'done' }, ['error param.invalid nodes.1.params.status']],
  ])('%s with %j', (type, params, expected) => {
    expect(problemsWith(type, params).sort()).toEqual([...expected].sort())
  })

  test('triggers are looked at too', () => {
    expect(problemsOf(graphOf({ e: ['trigger.event', { eventType: '' }] }, []))).toEqual([
      'error param.missing nodes.0.params.eventType',
    ])
    expect(problemsOf(graphOf({ e: ['trigger.event', { eventType: 'order.*' }] }, []))).toEqual([])
    expect(problemsOf(graphOf({ e: ['trigger.event', { eventType: 'or*er' }] }, []))).toEqual([
      'error param.invalid nodes.0.params.eventType',
    ])
    expect(problemsOf(graphOf({ w: ['trigger.webhook', { methods: [] }] }, []))).toEqual([
      'error param.invalid nodes.0.params.methods',
    ])
  })

  test('speak of a param by the name that its form gives it', () => {
    const [problem] = validateGraph(graphOf({ ...start, it: ['http.request', { url: '' }] }, ['start > it']))
    expect(problem).toMatchObject({ nodeId: 'it', message: 'Address must not be empty.' })
  })

  test('that are switched off may stay unfinished', () => {
    const graph = graphOf({ ...start, it: ['http.request', {}, { settings: { disabled: true } }] }, ['start > it'])
    expect(problemsOf(graph)).toEqual(['warning param.missing nodes.1.params.url'])
  })
})

describe('expressions', () => {
  test('that cannot be read are errors, with their place in the text', () => {
    const graph = graphOf({ ...start, it: ['data.set', { fields: [{ name: 'a', value: 'Hi {{ 1 + }}' }] }] }, [
      'start > it',
    ])
    expect(validateGraph(graph)).toMatchObject([
      { severity: 'error', code: 'expression.syntax', path: 'nodes.1.params.fields.0.value', nodeId: 'it' },
    ])
  })

  test.each<[string, JsonObject, string]>([
    [
      'data.set',
      { fields: [{ name: 'a', value: '{{ steps.nope.x }}' }] },
      'error expression.unknown_name nodes.1.params.fields.0.value',
    ],
    [
      'data.set',
      { fields: [{ name: 'a', value: '{{ tigger.x }}' }] },
      'error expression.unknown_name nodes.1.params.fields.0.value',
    ],
    [
      'data.set',
      { fields: [{ name: 'a', value: '{{ vars.nope }}' }] },
      'error expression.unknown_name nodes.1.params.fields.0.value',
    ],
    ['data.set', { base: 'steps.nope', fields: [] }, 'error expression.unknown_name nodes.1.params.base'],
    ['data.transform', { expression: 'steps.nope.x' }, 'error expression.unknown_name nodes.1.params.expression'],
    [
      'data.transform',
      { mode: 'mapping', mapping: { a: ['{{ steps.nope }}'] } },
      'error expression.unknown_name nodes.1.params.mapping.a.0',
    ],
    [
      'flow.if',
      { conditions: { operator: 'AND', conditions: [{ field: 'steps.nope.x', operator: 'exists' }] } },
      'error expression.unknown_name nodes.1.params.conditions.conditions.0.field',
    ],
    [
      'flow.if',
      {
        conditions: {
          operator: 'AND',
          conditions: [{ field: 'trigger.x', operator: '==', value: '{{ steps.nope }}' }],
        },
      },
      'error expression.unknown_name nodes.1.params.conditions.conditions.0.value',
    ],
    [
      'flow.switch',
      { value: 'steps.nope.x', cases: [{ port: 'a', equals: 1 }] },
      'error expression.unknown_name nodes.1.params.value',
    ],
    [
      'flow.switch',
      { value: 'trigger.x', cases: [{ port: 'a', equals: '{{ steps.nope }}' }] },
      'error expression.unknown_name nodes.1.params.cases.0.equals',
    ],
    [
      'flow.switch',
      {
        cases: [{ port: 'a', conditions: { operator: 'AND', conditions: [{ field: '{{ ( }}', operator: 'exists' }] } }],
      },
      'error expression.syntax nodes.1.params.cases.0.conditions.conditions.0.field',
    ],
    [
      'http.request',
      { url: 'https://x.example.com/{{ steps.nope.id }}' },
      'error expression.unknown_name nodes.1.params.url',
    ],
    [
      'http.request',
      { url: 'https://x.example.com', headers: { a: '{{ nope() }}' } },
      'error expression.unknown_name nodes.1.params.headers.a',
    ],
  ])('%s with %j', (type, params, expected) => {
    expect(problemsWith(type, params)).toEqual([expected])
  })

  test('without braces have their place in what was written', () => {
    const [problem] = validateGraph(
      graphOf({ ...start, it: ['data.transform', { expression: '1 + steps.nope.x' }] }, ['start > it']),
    )
    expect('1 + steps.nope.x'.slice(problem!.position)).toMatch(/^(?:steps\.nope|nope)/)
  })

  //  start ─► a ─► b      c hangs beside them
  test('read only steps that come before, and the message says which', () => {
    const nodes = (expression: string) =>
      ({ ...start, a: ['data.transform', { expression }], b: ['data.set'], c: ['data.set'] }) as Nodes
    const edges = ['start > a', 'a > b', 'start > c']
    expect(problemsOf(graphOf(nodes('steps.start.data'), edges))).toEqual([])
    for (const later of ['b', 'c', 'a']) {
      const [problem] = validateGraph(graphOf(nodes(`steps.${later}.x`), edges))
      expect(problem).toMatchObject({ code: 'expression.step_not_run', nodeId: 'a' })
    }
  })

  test('read variables that the graph has or a step sets', () => {
    const reads = ['data.transform', { expression: 'vars.limit + vars.count' }] as const
    const sets = (params: JsonObject) => ['data.set', { storeAs: 'variables', ...params }] as const
    const graph = (params: JsonObject) => {
      const made = graphOf({ ...start, s: [...sets(params)], it: [...reads] }, ['start > s', 's > it'])
      made.variables = { limit: 1 }
      return made
    }
    expect(problemsOf(graph({ fields: [{ name: 'count', value: 1 }] }))).toEqual([])
    expect(problemsOf(graph({ fields: [{ name: 'cuont', value: 1 }] }))).toEqual([
      'error expression.unknown_name nodes.2.params.expression',
    ])
    expect(problemsOf(graph({ base: 'trigger.data', fields: [] }))).toEqual([])
  })

  test('of a trigger see the trigger alone', () => {
    const on = (field: string) =>
      problemsOf(
        graphOf(
          {
            e: [
              'trigger.event',
              { eventType: 'a', conditions: { operator: 'AND', conditions: [{ field, operator: 'exists' }] } },
            ],
          },
          [],
        ),
      )
    expect(on('trigger.data.total')).toEqual([])
    expect(on('steps.e.x')).toEqual(['error expression.unknown_name nodes.0.params.conditions.conditions.0.field'])
    const hook = (dedupeBy: string) => problemsOf(graphOf({ w: ['trigger.webhook', { dedupeBy }] }, []))
    expect(hook('trigger.body.id')).toEqual([])
    expect(hook('{{ trigger.body.id + ":" + trigger.body.version }}')).toEqual([])
    expect(hook('{{ steps.x }}')).toEqual(['error expression.unknown_name nodes.0.params.dedupeBy'])
  })

  test('are told of where an answer is sent as it is written', () => {
    const hook = (params: JsonObject) => problemsOf(graphOf({ w: ['trigger.webhook', params] }, []))
    const body = { score: ['{{ trigger.body.score }}'] }
    expect(hook({ responseBody: body })).toEqual(['warning webhook.body_not_computed nodes.0.params.responseBody'])
    expect(hook({ responseBody: { score: 1 } })).toEqual([])
    expect(hook({ responseBody: body, respond: 'finished' }), 'it answers with the output').toEqual([])
  })

  test('are text where a param takes none', () => {
    expect(problemsOf(graphOf({ m: ['trigger.manual', { sample: { a: '{{ nothing here is read }}' } }] }, []))).toEqual(
      [],
    )
  })
})

describe('K6: graphs without measure', () => {
  function large(count: number): Graph {
    const nodes: Nodes = { ...start }
    const edges: string[] = []
    for (let index = 0; index < count; index++) {
      const before = index === 0 ? 'start' : `n${index - 1}`
      nodes[`n${index}`] =
        index % 3 === 0
          ? [
              'http.request',
              {
                method: 'POST',
                url: `https://api.example.com/{{ steps.${before}.id ?? ${index} }}`,
                bodyType: 'json',
                json: { a: '{{ trigger.data.a }}', b: ['{{ trigger.data.b.map(x => x + 1) }}'] },
                headers: { 'x-a': '{{ trigger.data.c }}' },
              },
            ]
          : index % 3 === 1
            ? [
                'data.set',
                {
                  fields: [
                    { name: 'a', value: `{{ steps.${before}.status + 1 }}` },
                    { name: 'b.c', value: 'Hi {{ trigger.data.name.toUpperCase() }}' },
                  ],
                },
              ]
            : [
                'flow.if',
                {
                  conditions: {
                    operator: 'AND',
                    conditions: [{ field: `steps.${before}.a`, operator: '>', value: '{{ vars.x ?? 1 }}' }],
                  },
                },
              ]
      edges.push(index % 3 === 0 && index > 0 ? `${before}.true > n${index}` : `${before} > n${index}`)
    }
    const graph = graphOf(nodes, edges)
    graph.variables = { x: 1 }
    return graph
  }

  test('500 nodes are looked at in a fraction of a second, a long line of them too', () => {
    const graph = large(499)
    expect(validateGraph(graph)).toEqual([])
    // The aim is 200 ms, and machines differ.
    expectWithin(1_000, () => validateGraph(graph))
  })

  test('10,000 nodes are refused without being looked at', () => {
    const graph = {
      ...good,
      nodes: Array.from({ length: 10_000 }, (_, index) => ({ ...good.nodes[1]!, id: `n${index}` })),
    }
    expectWithin(1_000, () => expect(problemsOf(graph)).toEqual(['error graph.too_large nodes']))
    expect(problemsOf({ ...good, edges: Array.from({ length: 2_001 }, () => good.edges[0]!) })).toEqual([
      'error graph.too_large edges',
    ])
  })

  test('half a megabyte is the most', () => {
    const graph = graphOf({ ...start, it: ['data.set', { fields: [{ name: 'a', value: 'ü'.repeat(270_000) }] }] }, [
      'start > it',
    ])
    expect(problemsOf(graph)).toEqual(['error graph.too_large '])
  })

  test.each([65, 1_000, 100_000])('params nested %i deep are an error, not a crash', (depth) => {
    let group: JsonObject = conditions
    for (let level = 0; level < depth; level++) group = { operator: 'AND', conditions: [group] }
    const graph = graphOf({ ...start, it: ['flow.if', { conditions }] }, ['start > it'])
    graph.nodes[1]!.params = { conditions: group }
    expect(problemsOf(graph)).toEqual(['error graph.too_large nodes.1.params'])
  })

  test('a graph in which everything leads everywhere ends', () => {
    const names = Array.from({ length: 44 }, (_, index) => `n${index}`)
    const nodes: Nodes = { ...start, ...Object.fromEntries(names.map((name) => [name, ['data.set']])) }
    const edges = names.flatMap((from) => names.map((to) => `${from} > ${to}`))
    const problems = validateGraph(graphOf(nodes, ['start > n0', ...edges]))
    expect(problems.filter(({ code }) => code === 'graph.cycle').length).toBeGreaterThan(43)
    for (const { message } of problems) expect(message.length).toBeLessThan(300)
  })
})

describe('whatever the graph', () => {
  const types = [...nodeDefinitions.map(({ type }) => type), 'no.such']
  const ids = fc.constantFrom('a', 'b', 'c', 'd', 'e', 'f')
  const params = fc.oneof(
    fc.dictionary(
      fc.constantFrom('url', 'conditions', 'cases', 'fields', 'expression', 'duration', 'status', 'x'),
      fc.jsonValue() as fc.Arbitrary<never>,
    ),
    fc.constant({}),
  )
  const graphs = fc
    .record({
      nodes: fc.array(fc.tuple(ids, fc.constantFrom(...types), params), { maxLength: 6 }),
      edges: fc.array(fc.tuple(ids, fc.constantFrom('out', 'true', 'false', 'default', 'error', 'x'), ids), {
        maxLength: 12,
      }),
    })
    .map(({ nodes, edges }): Graph => ({
      version: 1,
      nodes: nodes.map(([id, type, given]) => ({ id, type, name: id, position: { x: 0, y: 0 }, params: given })),
      edges: edges.map(([source, sourcePort, target], index) => ({ id: `e${index}`, source, sourcePort, target })),
    }))

  test('it is looked at without a crash, and twice alike', () => {
    fc.assert(
      fc.property(graphs, (graph) => {
        const before = structuredClone(graph)
        const problems = validateGraph(graph)
        expect(validateGraph(graph)).toEqual(problems)
        expect(graph).toEqual(before)
        for (const problem of problems) Problem.parse(problem)
      }),
      { numRuns: 300 },
    )
  })

  const ways: [type: string, params: JsonObject, ports: string[]][] = [
    ['flow.if', { conditions }, ['true', 'false']],
    [
      'flow.switch',
      {
        value: 'trigger.a',
        cases: [
          { port: 'one', equals: 1 },
          { port: 'two', equals: 2 },
        ],
      },
      ['one', 'two', 'default'],
    ],
    ['data.set', { fields: [] }, ['out']],
    ['flow.wait', { duration: '1 hour' }, ['out']],
    ['http.request', { url: 'https://api.example.com/' }, ['out', 'error']],
  ]
  const link = fc.record({ from: fc.nat(30), to: fc.nat(30), port: fc.nat(3) })

  test('drawn forwards along ways that are there it has no errors, compiles, and every edge is one that is taken', () => {
    fc.assert(
      fc.property(
        fc.array(fc.constantFrom(...ways), { minLength: 1, maxLength: 30 }),
        fc.array(link),
        (kinds, links) => {
          const nodes: Nodes = { n0: ['trigger.manual'] }
          for (const [index, [type, params]] of kinds.entries())
            nodes[`n${index + 1}`] = [
              type,
              params,
              { settings: { onError: type === 'http.request' ? 'branch' : 'stop' } },
            ]
          const edges = links.flatMap(({ from, to, port }) => {
            const [source, target] = [Math.min(from, to), Math.max(from, to)]
            if (source === target || target > kinds.length) return []
            const ports = source === 0 ? ['out'] : kinds[source - 1]![2]
            return [`n${source}.${ports[port % ports.length]} > n${target}`]
          })
          const graph = graphOf(nodes, [...new Set(edges)])
          expect(problemsOf(graph).filter((problem) => !problem.startsWith('warning node.unreachable'))).toEqual([])

          const plan = compilePlan({
            graph,
            workflow: { id: 'wf', name: 'x', version: 1 },
            compileNode: (node) => ({
              behaviour: compileNode(node),
              firstPort: 'out',
              isTrigger: node.type.startsWith('trigger.'),
            }),
          })
          const taken = [...plan.nodes.values()].flatMap(({ next }) => [...next.values()].flat()).length
          expect(taken).toBe(graph.edges.length)
        },
      ),
      { numRuns: 200 },
    )
  })

  test('with one way turned round it has an error', () => {
    fc.assert(
      fc.property(fc.integer({ min: 2, max: 40 }), fc.nat(), fc.nat(), (count, first, second) => {
        const nodes: Nodes = { n0: ['trigger.manual'] }
        for (let index = 1; index <= count; index++) nodes[`n${index}`] = ['data.set']
        const line = Array.from({ length: count }, (_, index) => `n${index} > n${index + 1}`)
        const [low, high] = [first % count, second % count].sort((a, b) => a - b) as [number, number]
        const problems = problemsOf(graphOf(nodes, [...line, `n${high + 1} > n${low + 1}`]))
        expect(problems).toEqual([`error graph.cycle edges.${count}`])
      }),
      { numRuns: 150 },
    )
  })
})
