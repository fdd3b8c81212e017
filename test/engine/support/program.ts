// program: a random workflow, as data, so that a failing one shrinks
//
// What a node gives depends on what it can be sure to see: the outputs of the nodes that lie on every way to it, and
// (disabled nodes) what came in. So the order in which branches happen must not matter, and the model can ignore it.

import fc from 'fast-check'
import type { Graph, NodeSettings, OnError } from '../../../worker/contract/graph.ts'
import type { Json, JsonObject } from '../../../worker/contract/json.ts'
import { StepFailure, type Behaviour, type Guard } from '../../../worker/engine/behaviour.ts'
import { compilePlan } from '../../../worker/engine/compile-plan.ts'
import type { Plan } from '../../../worker/engine/plan.ts'
import { seededFraction } from '../../../worker/lib/seeded-fraction.ts'
import { refused } from './failures.ts'

export interface ProgramNode {
  id: string
  kind: 'trigger' | 'give' | 'if' | 'switch' | 'call' | 'wait' | 'break' | 'merge' | 'end'
  onError: OnError
  disabled: boolean
  /** Whether what it sees decides if it is executed. */
  guarded: boolean
  maxRetries: number
}

export interface Program {
  nodes: ProgramNode[]
  edges: { source: string; port: string; target: string }[]
}

const portsOf: Record<ProgramNode['kind'], string[]> = {
  trigger: ['out'],
  give: ['out'],
  if: ['yes', 'no'],
  switch: ['a', 'b', 'default'],
  call: ['out'],
  wait: ['out'],
  break: ['out'],
  merge: ['out'],
  end: ['out'],
}

/** Programs of up to `size` nodes after the trigger; `stops`: failures may fail them, `ends`: nodes may end them. */
export function programs({ size = 8, stops = false, ends = false } = {}): fc.Arbitrary<Program> {
  const kinds = [
    'give',
    'if',
    'switch',
    'call',
    'call',
    'wait',
    'break',
    'merge',
    ...(ends ? (['end'] as const) : []),
  ] as const
  const node = fc.record({
    kind: fc.constantFrom(...kinds),
    onError: fc.constantFrom<OnError[]>('continue', 'branch', ...(stops ? (['stop'] as const) : [])),
    disabled: fc.integer({ min: 0, max: 3 }).map((roll) => roll === 0),
    guarded: fc.integer({ min: 0, max: 3 }).map((roll) => roll === 0),
    maxRetries: fc.integer({ min: 0, max: 3 }),
  })
  const wish = fc.record({ from: fc.nat(), port: fc.nat(), to: fc.nat() })
  return fc
    .tuple(
      fc.boolean(),
      fc.array(node, { minLength: 1, maxLength: size }),
      fc.array(wish, { minLength: 1, maxLength: size * 2 }),
    )
    .map(([isWide, drawn, wishes]) => {
      const trigger: ProgramNode = {
        id: 'n0',
        kind: 'trigger',
        onError: 'continue',
        disabled: false,
        guarded: false,
        maxRetries: 0,
      }
      const nodes = [trigger, ...drawn.map((rest, index) => ({ id: `n${index + 1}`, ...rest }))]
      const edges = new Map<string, Program['edges'][number]>()
      // Each node hangs on an earlier one; the wishes add joins, fan-outs and shortcuts.
      const all = [
        ...drawn.map((_, index) => ({ from: wishes[index % wishes.length]!.from, port: index, to: index })),
        ...wishes,
      ]
      for (const { from, port, to } of all) {
        const target = 1 + (to % drawn.length)
        // Half of the programs are wide, so that more calls are wanted than may be in flight.
        const source = nodes[from % (isWide ? Math.min(target, 2) : target)]!
        const ports = source.onError === 'branch' ? [...portsOf[source.kind], 'error'] : portsOf[source.kind]
        const edge = { source: source.id, port: ports[port % ports.length]!, target: `n${target}` }
        edges.set(`${edge.source}:${edge.port}>${edge.target}`, edge)
      }
      return { nodes, edges: [...edges.values()] }
    })
}

/**
 * The nodes of which each node can be sure to see one output and no other: those that lie on every way to it, but what
 * lies between a merge and its origin may have run for several of the branches that it joined.
 */
export function certainOf(program: Program): Map<string, string[]> {
  const certain = new Map<string, string[]>([['n0', []]])
  for (const { id, kind } of program.nodes.slice(1)) {
    const onEveryWay = onAll(program, certain, id)
    if (onEveryWay === undefined) continue
    if (kind !== 'merge') certain.set(id, onEveryWay)
    else certain.set(id, onEveryWay.slice(0, onEveryWay.indexOf(originOf(program, id)) + 1))
  }
  return certain
}

/**
 * The nearest node on every way to a merge that has two edges at one port from which it can be reached, and before
 * which no merge on the way takes its branches from.
 */
export function originOf(program: Program, merge: string): string {
  const before = new Map<string, string[]>([['n0', []]])
  for (const { id } of program.nodes.slice(1)) {
    const ways = onAll(program, before, id)
    if (ways !== undefined) before.set(id, ways)
  }
  const parts = (id: string) => {
    const edges = program.edges.filter((edge) => edge.source === id && leadsTo(program, edge.target, merge))
    return edges.some(({ port }) => edges.filter((other) => other.port === port).length > 1)
  }
  const isFed = (id: string) =>
    program.nodes.some(
      (node) =>
        node.kind === 'merge' &&
        node.id !== merge &&
        before.has(node.id) &&
        leadsTo(program, node.id, merge, id) &&
        before.get(id)!.includes(originOf(program, node.id)),
    )
  return before.get(merge)?.findLast((id) => parts(id) && !isFed(id)) ?? 'n0'
}

function leadsTo(program: Program, from: string, to: string, without?: string): boolean {
  if (from === to || from === without) return from === to
  return program.edges.some(({ source, target }) => source === from && leadsTo(program, target, to, without))
}

/** What is known before all nodes that lead to this one, and that one where there is only one. */
function onAll({ edges }: Program, known: ReadonlyMap<string, string[]>, id: string): string[] | undefined {
  const ways = edges
    .filter(({ target }) => target === id)
    .flatMap(({ source }) => {
      const before = known.get(source)
      return before === undefined ? [] : [[...before, source]]
    })
  const [first, ...others] = ways
  return first?.filter((seen) => others.every((way) => way.includes(seen)))
}

/** A value as text, without what depends on time: the attempt at which a call failed, the end of a wait. */
export function timeless(value: Json | readonly (Json | undefined)[]): string {
  return JSON.stringify(value, (key, part: unknown) => (key === 'attempt' || key === 'until' ? '' : part))
}

/** What a node makes of what it sees. */
export function digest(
  node: ProgramNode,
  seen: readonly (Json | undefined)[],
): { output: Json; port: string; roll: number } {
  const roll = seededFraction(`${node.id}|${timeless(seen)}`)
  const ports = portsOf[node.kind]
  const output = { by: node.id, roll: Math.floor(roll * 1e9) }
  return { output, port: ports[Math.floor(roll * ports.length)]!, roll }
}

/** What a merge makes of the branches that came, in whatever order. */
export function joined(node: ProgramNode, outputs: readonly Json[]): { output: Json; port: string } {
  return { output: { by: node.id, joined: outputs.map((output) => timeless(output)).sort() }, port: 'out' }
}

/** Whether a node is passed through: it is disabled, or guarded, and what it sees says no. */
export function isSkipped(node: ProgramNode, seen: readonly (Json | undefined)[]): boolean {
  return node.disabled || (node.guarded && seededFraction(`guard|${node.id}|${timeless(seen)}`) < 0.5)
}

/** How often the world fails a call with this input before it works; -1 when it refuses it for good. */
export function failuresOf(input: Json): number {
  return Math.floor(seededFraction(`world|${JSON.stringify(input)}`) * 7) - 1
}

/** What the world answers to a call. */
export function answerTo(input: Json): Json {
  return { answered: input }
}

export function planOfProgram(program: Program): Plan {
  const certain = certainOf(program)
  const byId = new Map(program.nodes.map((node) => [node.id, node]))
  return compilePlan({
    graph: toGraph(program),
    workflow: { id: 'wf_01jd4x8m3w5q7r9t1v3x5z7b9d', name: 'Random', version: 1 },
    compileNode: ({ id }) => {
      const node = byId.get(id)!
      const sure = certain.get(id) ?? []
      return {
        isTrigger: node.kind === 'trigger',
        firstPort: portsOf[node.kind][0]!,
        behaviour: behaviourOf(node, sure),
        ...(node.guarded && { executeIf: guardOf(node, sure) }),
      }
    },
  })
}

function guardOf(node: ProgramNode, certain: readonly string[]): Guard {
  return ({ steps }) => {
    const seen = certain.map((id) => steps[id])
    return { result: !isSkipped({ ...node, disabled: false }, seen), because: null }
  }
}

function behaviourOf(node: ProgramNode, certain: readonly string[]): Behaviour {
  const look = (steps: Readonly<Record<string, Json>>) =>
    digest(
      node,
      certain.map((id) => steps[id]),
    )
  switch (node.kind) {
    case 'trigger':
      return { kind: 'pure', evaluate: ({ trigger }) => ({ output: trigger, port: 'out' }) }
    case 'call':
      return { kind: 'effect', resolve: ({ steps }) => look(steps).output as JsonObject }
    case 'wait':
      return { kind: 'wait', until: ({ steps, now }) => now + Math.floor(look(steps).roll * 20_000) - 2_000 }
    case 'break':
      return {
        kind: 'pure',
        evaluate: ({ steps }) => {
          const { output, port, roll } = look(steps)
          if (roll < 0.5) throw new StepFailure(refused)
          return { output, port }
        },
      }
    case 'merge':
      return {
        kind: 'merge',
        needs: null,
        combine: (arrived) =>
          joined(
            node,
            arrived.map(({ output }) => output),
          ),
      }
    case 'end':
      return { kind: 'pure', evaluate: ({ steps }) => ({ ...look(steps), end: { status: 'completed' } }) }
    default:
      return {
        kind: 'pure',
        evaluate: ({ steps }) => {
          const { output, port } = look(steps)
          return { output, port }
        },
      }
  }
}

function toGraph({ nodes, edges }: Program): Graph {
  return {
    version: 1,
    nodes: nodes.map(({ id, kind, onError, disabled, maxRetries }) => ({
      id,
      type: kind,
      name: id,
      position: { x: 0, y: 0 },
      params: {},
      settings: { onError, disabled, retry: { maxRetries } } satisfies NodeSettings,
    })),
    edges: edges.map(({ source, port, target }, index) => ({ id: `e${index}`, source, sourcePort: port, target })),
  }
}
