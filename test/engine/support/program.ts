// program: a random workflow, as data, so that a failing one shrinks
//
// What a node gives depends on what it can be sure to see: the outputs of the nodes that lie on every way to it, and
// (disabled nodes) what came in. So the order in which branches happen must not matter, and the model can ignore it.

import fc from 'fast-check'
import type { OnError } from '../../../worker/contract/graph.ts'

export interface ProgramNode {
  id: string
  kind:
    | 'trigger'
    | 'give'
    | 'if'
    | 'switch'
    | 'call'
    | 'wait'
    | 'break'
    | 'merge'
    | 'parallel'
    | 'loop'
    | 'end'
    | 'goTo'
    | 'child'
  /** The branch it lies in, such as `n3:a`; empty at the top. */
  home: string
  onError: OnError
  disabled: boolean
  /** Whether what it sees decides if it is executed. */
  guarded: boolean
  maxRetries: number
  /** Its result is looked up first. Nothing is ever found: what is found is its own story. */
  cached: boolean
  /** Of calls, and of what calls a workflow: another call undoes it (`undoOf`). */
  undo: boolean
  /** Where it can be undone: also when nobody knows whether it happened. */
  undoesUnknown: boolean
  /** Of steps with branches of their own. */
  waitFor: 'all' | 'any' | 'first'
  stopsAtFailure: boolean
  timeoutMs: number | null
  /** Of loops: through a list, or as long as what it sees says so. */
  goesBy: 'list' | 'condition'
  atOnce: number
  /** Whether an iteration gives its index, or what its last step gave, which may depend on time. */
  collects: boolean
}

export interface Program {
  nodes: ProgramNode[]
  edges: { source: string; port: string; target: string }[]
  /** Whether a path handles its failure, and whether it is undone when it is cancelled. */
  handled: boolean
  cleansUp: boolean
}

export function canBeUndone({ kind, undo }: ProgramNode): boolean {
  return undo && (kind === 'call' || kind === 'child')
}

/** The node that undoes another one. */
export function undoOf(id: string): string {
  return `${id}u`
}

/** Where the path begins that handles failures, and the call that it makes. */
export const oops = { entry: 'oops', call: 'tell' }

/** The ways out by which a node is left. */
export const portsOf: Record<ProgramNode['kind'], string[]> = {
  trigger: ['out'],
  give: ['out'],
  if: ['yes', 'no'],
  switch: ['a', 'b', 'default'],
  call: ['out'],
  wait: ['out'],
  break: ['out'],
  merge: ['out'],
  parallel: ['done'],
  loop: ['done'],
  goTo: ['onward'],
  child: ['out'],
  end: ['out'],
}

/** The ways out that a step's own branches begin at. */
export function branchesOf({ kind }: ProgramNode): string[] {
  return kind === 'parallel' ? ['a', 'b'] : kind === 'loop' ? ['body'] : []
}

/** The loops that a node lies in. */
export function loopsOf(program: Program, id: string): string[] {
  return homesOf(program, id).flatMap((home) => (home.endsWith(':body') ? [ownerOf(home)] : []))
}

/** Where a node goes on that is passed through. */
export function firstPortOf({ kind }: ProgramNode): string {
  return portsOf[kind][0]!
}

export function homeOf({ nodes }: Program, id: string): string {
  return nodes.find((node) => node.id === id)?.home ?? ''
}

/** The branches that a node lies in, from the inside out. */
export function homesOf(program: Program, id: string): string[] {
  const home = homeOf(program, id)
  return home === '' ? [] : [home, ...homesOf(program, ownerOf(home))]
}

function ownerOf(home: string): string {
  return home.split(':')[0]!
}

export interface Traits {
  /** Nodes after the trigger, at most. */
  size?: number
  /** Failures may fail it. */
  stops?: boolean
  /** Nodes may end it. */
  ends?: boolean
  /** Which branch is first may decide: what comes of it depends on time. */
  races?: boolean
  /** Nodes may send tokens back. The model knows of none. */
  jumps?: boolean
}

/** Random programs. */
export function programs({
  size = 8,
  stops = false,
  ends = false,
  races = false,
  jumps = false,
}: Traits = {}): fc.Arbitrary<Program> {
  const kinds = ['give', 'if', 'switch', 'call', 'call', 'wait', 'break', 'merge', 'parallel', 'loop', 'child'] as const
  const node = fc.record({
    kind: fc.constantFrom<ProgramNode['kind'][]>(
      ...kinds,
      ...(ends ? (['end'] as const) : []),
      ...(jumps ? (['goTo', 'goTo'] as const) : []),
    ),
    home: fc.nat(),
    onError: fc.constantFrom<OnError[]>('continue', 'branch', 'stop'),
    disabled: fc.integer({ min: 0, max: 3 }).map((roll) => roll === 0),
    guarded: fc.integer({ min: 0, max: 3 }).map((roll) => roll === 0),
    maxRetries: fc.integer({ min: 0, max: 3 }),
    cached: fc.integer({ min: 0, max: 3 }).map((roll) => roll === 0),
    undo: fc.boolean(),
    undoesUnknown: fc.boolean(),
    waitFor: races ? fc.constantFrom<ProgramNode['waitFor'][]>('all', 'any', 'first') : fc.constant('all' as const),
    stopsAtFailure: fc.boolean(),
    timeoutMs: races ? fc.constantFrom(null, 500, 5_000) : fc.constant(null),
    goesBy: fc.constantFrom('list', 'condition'),
    atOnce: fc.integer({ min: 1, max: 3 }),
    collects: races ? fc.boolean() : fc.constant(true),
  })
  const wish = fc.record({ from: fc.nat(), port: fc.nat(), to: fc.nat() })
  return fc
    .tuple(
      fc.record({ isWide: fc.boolean(), handled: fc.boolean(), cleansUp: fc.boolean() }),
      fc.array(node, { minLength: 1, maxLength: size }),
      fc.array(wish, { minLength: 1, maxLength: size * 2 }),
    )
    .map(([{ isWide, handled, cleansUp }, drawn, wishes]) => {
      const program: Program = { nodes: [trigger], edges: [], handled, cleansUp }
      for (const { home, ...rest } of drawn) {
        // Half of all nodes lie at the top, if there are branches at all.
        const homes = program.nodes.flatMap((owner) => branchesOf(owner).map((branch) => `${owner.id}:${branch}`))
        const all = homes.flatMap((each) => [each, ''])
        const node = { ...rest, id: `n${program.nodes.length}`, home: all[home % all.length] ?? '' }
        program.nodes.push(settled(program, node, stops))
      }
      // Each node hangs on an earlier one; the wishes add joins, fan-outs and shortcuts.
      const all = [
        ...drawn.map((_, index) => ({ from: wishes[index % wishes.length]!.from, port: index, to: index })),
        ...wishes,
      ]
      const edges = new Map<string, Program['edges'][number]>()
      for (const { from, port, to } of all) {
        const target = program.nodes[1 + (to % drawn.length)]!
        const ways = waysTo(program, target, isWide)
        const { source, ports } = ways[from % ways.length]!
        const edge = { source, port: ports[port % ports.length]!, target: target.id }
        edges.set(`${edge.source}:${edge.port}>${edge.target}`, edge)
      }
      for (const [index, { id, kind, home }] of program.nodes.entries()) {
        if (kind !== 'goTo') continue
        const back = program.nodes.slice(1, index + 1).filter((node) => node.home === home)
        const target = back[wishes[index % wishes.length]!.to % back.length]!.id
        edges.set(`${id}:jump`, { source: id, port: 'jump', target })
      }
      return { ...program, edges: [...edges.values()] }
    })
}

/** A node of which nothing is particular. */
export const plainNode: ProgramNode = {
  id: '',
  kind: 'give',
  home: '',
  onError: 'continue',
  disabled: false,
  guarded: false,
  maxRetries: 0,
  cached: false,
  undo: false,
  undoesUnknown: false,
  waitFor: 'all',
  stopsAtFailure: false,
  timeoutMs: null,
  goesBy: 'list',
  atOnce: 1,
  collects: true,
}

const trigger: ProgramNode = { ...plainNode, id: 'n0', kind: 'trigger' }

/** A program that is told in words: what is particular about its nodes, and `source:port > target`. */
export function programOf(nodes: Record<string, Partial<ProgramNode>>, edges: string): Program {
  return {
    nodes: [trigger, ...Object.entries(nodes).map(([id, node]) => ({ ...plainNode, ...node, id }))],
    edges: edges.split(';').map((edge) => {
      const [source = '', port = '', target = ''] = edge.split(/[:>]/).map((part) => part.trim())
      return { source, port, target }
    }),
    handled: false,
    cleansUp: false,
  }
}

/**
 * A failure stops the execution only where that is wanted. And a step whose branches fail it fails with the first of
 * several failures, which depends on time: so nobody handles that one.
 */
function settled(program: Program, node: ProgramNode, stops: boolean): ProgramNode {
  const owners = node.home === '' ? [] : [node.home, ...homesOf(program, ownerOf(node.home))]
  const isContained = owners.some((home) =>
    program.nodes.some(({ id, stopsAtFailure }) => id === ownerOf(home) && !stopsAtFailure),
  )
  const onError = node.onError === 'stop' && !stops && !isContained ? 'continue' : node.onError
  // Which iteration says that it was the last depends on time when several go on.
  const atOnce = node.goesBy === 'list' ? node.atOnce : 1
  return { ...node, onError, atOnce, stopsAtFailure: node.stopsAtFailure && onError === 'stop' }
}

/** Half of the programs are wide, so that more calls are wanted than may be in flight. */
function waysTo({ nodes }: Program, target: ProgramNode, isWide: boolean): { source: string; ports: string[] }[] {
  const before = nodes.slice(0, nodes.indexOf(target)).filter(({ home }) => home === target.home)
  const beside = before.map(({ id, kind, onError }) => {
    return { source: id, ports: onError === 'branch' ? [...portsOf[kind], 'error'] : portsOf[kind] }
  })
  if (target.home === '') return isWide ? beside.slice(0, 2) : beside
  const [owner = '', branch = ''] = target.home.split(':')
  const above = { source: owner, ports: [branch] }
  return isWide ? [above, ...beside.slice(0, 1)] : [above, ...beside]
}
