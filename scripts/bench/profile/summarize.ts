// summarize
//
// Where the time of a CPU profile went: by folder of the Worker and package, and by function. The Worker runs as one file;
// which part of it came from where is written in it, as a comment before each part.

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

/** `bundle` is the text of the Worker's one file. */
export function summarize({ nodes, samples, timeDeltas }: CpuProfile, bundle: string): Summary {
  const sourceOf = sourceFinder(bundle)
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

const ours = (url: string) => url.endsWith('index.js')

function nameOf({ callFrame: { functionName, url, lineNumber } }: Node, sourceOf: (line: number) => string): string {
  const name = functionName === '' ? '(anonymous)' : functionName
  return ours(url) ? `${name}  ${sourceOf(lineNumber)}` : name
}

/** `worker/engine`, `zod`, or what V8 calls it. */
function placeOf({ callFrame: { functionName, url, lineNumber } }: Node, sourceOf: (line: number) => string): string {
  if (!ours(url)) return functionName.startsWith('(') ? functionName : '(runtime)'
  const source = sourceOf(lineNumber)
  const dependency = /node_modules\/((?:@[^/]+\/)?[^/]+)/.exec(source)?.[1]
  return dependency ?? source.split('/').slice(0, 2).join('/')
}

/** Which source a line (from 0) of the bundle came from. */
function sourceFinder(bundle: string): (line: number) => string {
  const starts: { line: number; source: string }[] = []
  for (const [line, text] of bundle.split('\n').entries()) {
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
