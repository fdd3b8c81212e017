import { failureTrigger } from '#contract/facts/graph.ts'
import type { NodeFamily, NodeType } from '#contract/node-type.ts'

export interface PaletteGroup {
  heading: string
  family: NodeFamily | undefined
  nodeTypes: readonly NodeType[]
}

/** What the person is about to do, which decides what is on offer. */
export type PalettePurpose =
  /** The very first node: what starts something, since nothing runs without it. */
  | 'start'
  /** Anywhere on the canvas. */
  | 'free'
  /** After a way out: triggers cannot follow anything. */
  | 'after'
  /** Between two nodes: it needs a way in and a way out. */
  | 'between'
  /** Before a way in: it needs a way out. */
  | 'before'

const families: readonly (readonly [NodeFamily, string])[] = [
  ['trigger', 'Triggers'],
  ['flow', 'Flow'],
  ['people', 'People'],
  ['message', 'Messages'],
  ['record', 'Records'],
  ['data', 'Data'],
  ['code', 'Code and AI'],
  ['service', 'Services'],
]

/** What most workflows are made of, for who has no habits yet. */
const common: readonly string[] = ['flow.if', 'flow.switch', 'http.request', 'data.set', 'flow.wait']

export function familyTitle(family: NodeFamily): string {
  return families.find(([name]) => name === family)?.[1] ?? family
}

/**
 * What the palette shows: all that fits the purpose in families, under what was used recently or is used by everybody;
 * or what a search finds.
 */
export function searchNodeTypes({
  nodeTypes,
  purpose,
  search,
  recent = [],
}: {
  nodeTypes: readonly NodeType[]
  purpose: PalettePurpose
  search: string
  recent?: readonly string[]
}): PaletteGroup[] {
  const fitting = nodeTypes.filter((nodeType) => fits(nodeType, purpose))
  const words = normalize(search).split(' ').filter(Boolean)
  if (words.length > 0) return found(fitting, words, recent)

  const byFamily = families.map(([family, heading]) => {
    return { heading, family, nodeTypes: fitting.filter((nodeType) => nodeType.family === family) }
  })
  const named = (types: readonly string[]) =>
    types.flatMap((type) => fitting.filter((nodeType) => nodeType.type === type))
  const used = named(recent).slice(0, 4)
  const first =
    used.length < 2
      ? { heading: 'Often used', nodeTypes: named(common) }
      : { heading: 'Recently used', nodeTypes: used }
  return [{ ...first, family: undefined }, ...byFamily].filter((group) => group.nodeTypes.length > 0)
}

/** Whether a kind of step makes sense there. */
export function fits({ type, isTrigger, ports, portsFrom }: NodeType, purpose: PalettePurpose): boolean {
  const hasWayOut = ports.length > 0 || portsFrom !== undefined
  switch (purpose) {
    case 'start':
      return isTrigger && type !== failureTrigger
    case 'free':
      return true
    case 'after':
      return !isTrigger
    case 'between':
      return !isTrigger && hasWayOut
    case 'before':
      return hasWayOut
  }
}

function found(nodeTypes: readonly NodeType[], words: readonly string[], recent: readonly string[]): PaletteGroup[] {
  const hits = nodeTypes
    .map((nodeType) => ({ nodeType, score: scoreOf(nodeType, words) + (recent.includes(nodeType.type) ? 1 : 0) }))
    .filter(({ score }) => score >= 10)
    .sort((a, b) => b.score - a.score)
  return hits.length === 0
    ? []
    : [{ heading: 'Found', family: undefined, nodeTypes: hits.map(({ nodeType }) => nodeType) }]
}

/** The better the match, the more: a title counts more than another name for it, a beginning more than a middle. */
function scoreOf(nodeType: NodeType, words: readonly string[]): number {
  let total = 0
  for (const word of words) {
    const best = Math.max(
      matchOf(nodeType.title, word) * 10,
      ...nodeType.aliases.map((alias) => matchOf(alias, word) * 7),
      matchOf(nodeType.type.replaceAll('.', ' '), word) * 5,
      matchOf(familyTitle(nodeType.family), word) * 4,
      normalize(nodeType.description).includes(word) ? 10 : 0,
    )
    // Every word must be found somewhere.
    if (best === 0) return 0
    total += best
  }
  return total
}

function matchOf(text: string, word: string): number {
  const plain = normalize(text)
  if (plain === word) return 10
  if (plain.startsWith(word)) return 8
  if (plain.includes(` ${word}`)) return 6
  if (plain.includes(word)) return 3
  // So little that it counts in titles only: of all the other names together, some have any three letters in order.
  return word.length >= 3 && isSubsequence(word, plain) ? 1 : 0
}

/** `htrq` is in `http request`: letters in order, for people who type fast. Must begin where a word begins. */
function isSubsequence(word: string, text: string): boolean {
  if (text.charAt(0) !== word.charAt(0)) return false
  let at = 0
  for (const letter of text) if (letter === word.charAt(at)) at += 1
  return at === word.length
}

function normalize(text: string): string {
  return text.normalize('NFKD').replace(/\p{M}/gu, '').toLowerCase().replace(/[_-]+/g, ' ').trim()
}
