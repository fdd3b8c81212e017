import { NodeId } from '#contract/graph.ts'
import { graphLimits } from '#contract/facts/graph.ts'

const longest = 40

/**
 * A readable node id made of any text ("HTTP request" → `httpRequest`) that is not taken yet: `httpRequest2`, … when it
 * is. Accents are dropped; a text without a single usable letter gives `step`.
 */
export function uniqueNodeId(text: string, taken: ReadonlySet<string>): string {
  const base = toNodeId(text)
  if (!taken.has(base)) return base
  const stem = base.replace(/\d+$/, '') || base
  for (let number = 2; ; number += 1) {
    const id = `${stem.slice(0, longest - String(number).length)}${number}`
    if (!taken.has(id)) return id
  }
}

function toNodeId(text: string): string {
  const words = text
    .normalize('NFKD')
    .replace(/\p{M}/gu, '')
    .replace(/['’]/g, '')
    .split(/[^a-zA-Z0-9]+/)
    .filter((word) => word !== '')
  const camel = words
    .map((word, index) => (index === 0 ? lowerFirst(word) : word.charAt(0).toUpperCase() + word.slice(1)))
    .join('')
    .replace(/^\d+/, '')
    .slice(0, longest)
  const id = lowerFirst(camel)
  return NodeId.safeParse(id).success ? id : 'step'
}

/** `HTTP` → `http`, `HTTPRequest` → `httpRequest`, `Score` → `score`, `loadURL` stays. */
function lowerFirst(word: string): string {
  return word.replace(/^[A-Z]+(?=[A-Z][a-z])|^[A-Z]+/, (capitals) => capitals.toLowerCase())
}

/** A name that no other node bears: "Set fields", then "Set fields 2". */
export function uniqueName(name: string, taken: ReadonlySet<string>): string {
  if (!taken.has(name)) return name
  const stem = name.replace(/ \d+$/, '')
  for (let number = 2; ; number += 1) {
    const suffix = ` ${number}`
    const candidate = stem.slice(0, graphLimits.nameLength - suffix.length) + suffix
    if (!taken.has(candidate)) return candidate
  }
}
