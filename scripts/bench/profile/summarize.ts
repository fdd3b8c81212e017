// summarize
//
// Where the time of a CPU profile went: by folder of the Worker and package, and by function. Which part of a built module
// came from where is written in it, as a comment before each part.

/** A profile as V8 gives it. Times are in microseconds. */
export interface CpuProfile {
  nodes: {
    id: number
    callFrame: { functionName: string; url: string; lineNumber: number }
    children?: number[]
  }[]
  samples: number[]
  timeDeltas: number[]
}

/** A place with its share of all time, idle time included. */
export interface Share {
  name: string
  share: number
}

export interface Summary {
  /** Time in a place itself, by folder or package; `(idle)`, `(program)` and `(garbage collector)` are V8's own. */
  places: Share[]
  /** Time in a function itself. */
  functions: Share[]
  /** Time in a function and all it calls. */
  inclusive: Share[]
}

type Node = CpuProfile['nodes'][number]

/** `modules` are the texts of the built Worker's modules, by the names of their files. */
export function summarize({ nodes, samples, timeDeltas }: CpuProfile, modules: ReadonlyMap<string, string>): Summary {
  const sourceOf = sourceFinder(modules)
  const byId = new Map(nodes.map((node) => [node.id, node]))
  const parents = new Map(nodes.flatMap(({ id, children = [] }) => children.map((child) => [child, id] as const)))
  const places = new Map<string, number>()
  const functions = new Map<string, number>()
  const inclusive = new Map<string, number>()
  let total = 0
  const add = (sums: Map<string, number>, name: string, time: number) => sums.set(name, (sums.get(name) ?? 0) + time)

  for (const [index, id] of samples.entries()) {
    const time = timeDeltas[index] ?? 0
    const node = byId.get(id)
    if (node === undefined) continue
    total += time
    add(places, placeOf(node, sourceOf), time)
    add(functions, nameOf(node, sourceOf), time)
    const seen = new Set<string>()
    for (let at: number | undefined = id; at !== undefined; at = parents.get(at)) {
      const name = nameOf(byId.get(at)!, sourceOf)
      if (!seen.has(name)) add(inclusive, name, time)
      seen.add(name)
    }
  }
  const shares = (sums: Map<string, number>): Share[] =>
    [...sums].map(([name, time]) => ({ name, share: time / total })).toSorted((a, b) => b.share - a.share)
  return { places: shares(places), functions: shares(functions), inclusive: shares(inclusive) }
}

/** The source a place of the Worker came from; undefined for what is V8's or workerd's. */
type SourceOf = (callFrame: Node['callFrame']) => string | undefined

function nameOf({ callFrame }: Node, sourceOf: SourceOf): string {
  const name = callFrame.functionName === '' ? '(anonymous)' : callFrame.functionName
  const source = sourceOf(callFrame)
  return source === undefined ? name : `${name}  ${source}`
}

/** `worker/engine`, `zod`, or what V8 calls it. */
function placeOf({ callFrame }: Node, sourceOf: SourceOf): string {
  const source = sourceOf(callFrame)
  if (source === undefined) return callFrame.functionName.startsWith('(') ? callFrame.functionName : '(runtime)'
  const dependency = /node_modules\/((?:@[^/]+\/)?[^/]+)/.exec(source)?.[1]
  return dependency ?? source.split('/').slice(0, 2).join('/')
}

function sourceFinder(modules: ReadonlyMap<string, string>): SourceOf {
  const finders = new Map([...modules].map(([file, text]) => [file, lineFinder(text)]))
  return ({ url, lineNumber }) => finders.get(url.slice(url.lastIndexOf('/') + 1))?.(lineNumber)
}

/** Which source a line (from 0) of a module came from. */
function lineFinder(module: string): (line: number) => string {
  const starts: { line: number; source: string }[] = []
  for (const [line, text] of module.split('\n').entries()) {
    const source = /^\/\/ ((?:\.\.\/)*[\w@./()[\]-]+\.(?:ts|js|mjs|cjs))$/.exec(text)?.[1]
    if (source !== undefined) starts.push({ line, source })
  }
  return (line) => {
    let from = 0
    let to = starts.length
    while (from < to) {
      const middle = (from + to) >> 1
      if (starts[middle]!.line <= line) from = middle + 1
      else to = middle
    }
    return starts[from - 1]?.source ?? '(bundle)'
  }
}
