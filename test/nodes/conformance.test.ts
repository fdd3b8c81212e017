import { describe, expect, test } from 'vitest'
import { NodeType } from '../../worker/contract/node-type.ts'
import { compilePlan } from '../../worker/engine/compile-plan.ts'
import { StepFailure, type Behaviour } from '../../worker/engine/behaviour.ts'
import { unreachable } from '../../worker/lib/unreachable.ts'
import { compileNode } from '../../worker/nodes/compile-node.ts'
import { describeNodeTypes } from '../../worker/nodes/describe-node-types.ts'
import { portsOf } from '../../worker/nodes/ports-of.ts'
import { nodeDefinitions } from '../../worker/nodes/registry.ts'
import { validateGraph } from '../../worker/nodes/validate-graph.ts'
import { controlNames } from '../../web/src/lib/builder/inspector/control-names.ts'
import { graphOf, nodeOf, scopeOf } from './support.ts'

// What every node type promises, whoever wrote it. A new one is held to this without a line of test code of its own.

const controls: ReadonlySet<string> = new Set(controlNames)

test("types are unique, and their palette order is the registry's", () => {
  const types = nodeDefinitions.map(({ type }) => type)
  expect(types).toEqual([...new Set(types)])
  expect(describeNodeTypes().map(({ type }) => type)).toEqual(types)
})

test('the first palette has what the first workflows need', () => {
  expect(nodeDefinitions.map(({ type }) => type).sort()).toEqual([
    'contact.create',
    'contact.find',
    'contact.tag.add',
    'contact.tag.remove',
    'contact.update',
    'data.aggregate',
    'data.date',
    'data.json',
    'data.list',
    'data.math',
    'data.object',
    'data.set',
    'data.text',
    'data.transform',
    'data.validate',
    'flow.call',
    'flow.end',
    'flow.filter',
    'flow.for',
    'flow.forEach',
    'flow.goTo',
    'flow.if',
    'flow.merge',
    'flow.parallel',
    'flow.split',
    'flow.switch',
    'flow.wait',
    'flow.waitForCondition',
    'flow.waitForEvent',
    'flow.while',
    'http.request',
    'people.approval',
    'trigger.event',
    'trigger.failure',
    'trigger.manual',
    'trigger.webhook',
    'variable.append',
    'variable.increment',
    'variable.set',
    'webhook.respond',
  ])
})

const unknown = { kind: 'terminal', code: 'http.422', message: 'No.' } as const

/** What a node says when its turn comes. */
function ask(behaviour: Behaviour): unknown {
  switch (behaviour.kind) {
    case 'pure':
      return behaviour.evaluate(scopeOf())
    case 'effect':
      return behaviour.resolve(scopeOf())
    case 'wait':
      return behaviour.until(scopeOf())
    case 'listen': {
      const event = { id: 'evt_1', type: 'order.paid', at: 0, data: { type: 'order.paid', data: null } }
      return [
        behaviour.begin(scopeOf()),
        behaviour.take(scopeOf(), event),
        behaviour.ask(scopeOf()),
        behaviour.lapse(scopeOf()),
      ]
    }
    case 'approval': {
      const request = {
        content: { title: 'Pay?', message: '', details: null },
        approvers: { emails: ['ada@example.com'], roles: [] },
        quorum: 'any' as const,
        fourEyes: false,
        signature: 'none' as const,
        remindAt: [],
        escalation: null,
      }
      return [
        behaviour.begin(scopeOf()),
        behaviour.settle({ request, votes: [], reminded: 0, escalated: false }),
        behaviour.lapse(request, []),
      ]
    }
    case 'merge':
      return behaviour.combine([
        { branch: 'a', output: { n: 1 }, place: 1 },
        { branch: 'b', output: 'text', place: 0 },
      ])
    case 'parallel':
      return behaviour.combine([
        { branch: 'a', output: { n: 1 } },
        { branch: 'b', failure: unknown },
      ])
    case 'child':
      return [
        behaviour.resolve(scopeOf()),
        behaviour.combine(scopeOf(), { executionId: 'exe_1', status: 'completed', output: { n: 1 } }),
        behaviour.combine(scopeOf(), { executionId: null, status: 'failed', output: null, failure: unknown }),
      ]
    case 'goTo':
      return behaviour.limit
    case 'loop':
      return [
        behaviour.range(scopeOf()),
        [behaviour.goesOn, behaviour.skips, behaviour.breaks, behaviour.collect].map((decide) => decide?.(scopeOf())),
        behaviour.combine({
          done: 3,
          skipped: 1,
          failures: [{ index: 1, item: 'x', failure: unknown }],
          stopped: null,
        }),
      ]
    default:
      return unreachable(behaviour)
  }
}

interface Field {
  title?: string
  control?: string
  description?: string
  showWhen?: Record<string, unknown>
  enum?: string[]
  items?: { enum?: string[] }
  labels?: Record<string, string>
}

describe.each(nodeDefinitions.map((definition) => [definition.type, definition] as const))('%s', (type, definition) => {
  const described = describeNodeTypes().find((candidate) => candidate.type === type)!
  const fields = (described.params['properties'] ?? {}) as unknown as Record<string, Field>

  test("is data: the wire's schema takes it, and JSON loses nothing of it", () => {
    expect(NodeType.parse(described)).toEqual(described)
    expect(JSON.parse(JSON.stringify(described))).toEqual(described)
  })

  test('is named family dot name, and reads well', () => {
    expect(type).toMatch(/^[a-z]+(\.[a-z][a-zA-Z]*){1,2}$/)
    expect(definition.title).toMatch(/^[A-Z][^.]*$/)
    expect(definition.description).toMatch(/^[A-Z].*\.$/)
    expect(definition.icon).toMatch(/^[a-z][a-z0-9-]*$/)
    expect(definition.description.length).toBeLessThan(120)
    expect(definition.aliases).toEqual([...new Set(definition.aliases)])
  })

  test('draws a form: every param has a title and a control the builder knows', () => {
    expect(described.params).toMatchObject({ type: 'object', additionalProperties: false })
    for (const [name, field] of Object.entries(fields)) {
      expect(field.title, name).toMatch(/^[A-Z]/)
      expect(controls, name).toContain(field.control)
      if (field.description !== undefined) expect(field.description, name).toMatch(/\.$/)
      for (const other of Object.keys(field.showWhen ?? {})) expect(Object.keys(fields), name).toContain(other)
      for (const value of Object.keys(field.labels ?? {}))
        expect(field.enum ?? field.items?.enum, name).toContain(value)
    }
  })

  test('starts from params of its own, and its summary names them', () => {
    for (const name of Object.keys(definition.defaultParams)) expect(Object.keys(fields)).toContain(name)
    const named = [...definition.summary.matchAll(/\{(\w+)\}/g)].map(([, name]) => name)
    for (const name of named) expect(Object.keys(fields)).toContain(name)
    if (definition.portsFrom !== undefined) expect(Object.keys(fields)).toContain(definition.portsFrom)
  })

  test('names each way out once, and none of them error', () => {
    const names = definition.ports.map(({ name }) => name)
    expect(names).toEqual([...new Set(names)])
    expect(names).not.toContain('error')
    for (const { label } of definition.ports) expect(label).toMatch(/^[A-Z]/)
    if (definition.goesOnAt !== undefined) expect(names).toContain(definition.goesOnAt)
    const inside = definition.inside?.ports ?? []
    if (inside !== 'portsFrom') expect(names).toEqual(expect.arrayContaining([...inside]))
    else expect(definition.portsFrom).toBeDefined()
    const branching = nodeOf(type, {}, { settings: { onError: 'branch' } })
    expect(portsOf(definition, branching).map(({ name }) => name)).toContain('error')
  })

  test('compiles whatever its params are, and fails in words when its turn comes', () => {
    const wrong: Parameters<typeof nodeOf>[1][] = [
      {},
      { nonsense: true },
      { conditions: 7, cases: 'x', fields: null, url: [], status: {}, duration: 5, mode: 'x' },
      { url: '{{', json: '{{ ( }}', expression: '1 +', until: '{{ nope }}', body: '{{ }}', value: '{{', base: '{{ x' },
    ]
    for (const params of wrong) {
      const behaviour = compileNode(nodeOf(type, params))
      try {
        ask(behaviour)
      } catch (error) {
        expect(error).toBeInstanceOf(StepFailure)
        const { failure } = error as StepFailure
        expect(failure.kind).toBe('terminal')
        expect(failure.message).toMatch(/\.$/)
      }
    }
  })

  test('gives the same answer to the same question', () => {
    const behaviour = compileNode(nodeOf(type, definition.defaultParams))
    const answer = () => {
      try {
        return ask(behaviour)
      } catch (error) {
        return (error as StepFailure).failure
      }
    }
    expect(answer()).toEqual(answer())
  })

  test('has its place in a plan, where it begins', () => {
    const nodes: Parameters<typeof graphOf>[0] =
      definition.kind === 'trigger' ? { it: [type] } : { start: ['trigger.manual'], it: [type] }
    const graph = graphOf(nodes, definition.kind === 'trigger' ? [] : ['start > it'])
    const plan = compilePlan({
      graph,
      workflow: { id: 'wf_1', name: 'x', version: 1 },
      compileNode: (node) => ({
        behaviour: compileNode(node),
        firstPort: 'out',
        isTrigger: node.type.startsWith('trigger.'),
      }),
    })
    expect(plan.nodes.get('it')).toBeDefined()
    const problems = validateGraph(graph).filter(({ code }) => code === 'param.unknown' || code === 'node.unknown_type')
    expect(problems).toEqual([])
  })
})
