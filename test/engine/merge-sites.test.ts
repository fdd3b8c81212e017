import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { dominators, mergeSites, type Ways } from '../../worker/engine/merge-sites.ts'

/** `a > b c | d`: from `a` one way out leads to b and c, another to d. */
function waysOf(...lines: string[]): Ways {
  const words = (text: string) => text.split(' ').filter(Boolean)
  return new Map(
    lines.map((line) => {
      const [source = '', targets = ''] = line.split('>')
      return [source.trim(), targets.split('|').map(words)]
    }),
  )
}

const siteOf = (ways: Ways, merge = 'join') => mergeSites(ways, 'start', [merge]).get(merge)

describe('the origin of a merge', () => {
  //  start ─► ask ─┬─► a ─┬─► join
  //                └─► b ─┘
  test('is where its branches part', () => {
    const site = siteOf(waysOf('start > ask', 'ask > a b', 'a > join', 'b > join'))
    expect(site).toEqual({ origin: 'ask', sources: ['a', 'b'], feeders: new Set(['a', 'b']) })
  })

  //  start ─┬─► x ─┐          yes ─► a ─┐
  //         └─► y ─┴─► choose           ├─► join
  //                            no ─► b ─┘
  test('is not where one of several ways is taken', () => {
    const site = siteOf(waysOf('start > x y', 'x > choose', 'y > choose', 'choose > a | b', 'a > join', 'b > join'))
    expect(site).toMatchObject({ origin: 'start' })
    expect(site!.feeders).toEqual(new Set(['a', 'b', 'choose', 'x', 'y']))
  })

  test('is the first of all where nothing parts, and there is none where no way leads', () => {
    expect(siteOf(waysOf('start > a', 'a > join'))).toMatchObject({ origin: 'start', sources: ['a'] })
    expect(siteOf(waysOf('start > a', 'b > join'))).toBeUndefined()
  })

  //  start ─► a ◄──┐
  //           └─┬─► b ─► again
  //             └─► c ─► join ◄─ b
  test('stands in a cycle too', () => {
    const site = siteOf(waysOf('start > a', 'a > b c', 'b > again | join', 'again > a', 'c > join'))
    expect(site).toEqual({ origin: 'a', sources: ['b', 'c'], feeders: new Set(['b', 'c']) })
  })
})

describe('a merge that another one feeds', () => {
  //  start ─┬─► a ─┬─► inner ─┐
  //         │      └─► b ─────┴─► join        inner takes its branches from start: from a and from c
  //         └─► c ────► inner
  test('takes its branches from where that one does', () => {
    const sites = mergeSites(waysOf('start > a c', 'a > inner b', 'b > join', 'c > inner', 'inner > join'), 'start', [
      'join',
      'inner',
    ])
    expect(sites.get('inner')).toMatchObject({ origin: 'start' })
    expect(sites.get('join')).toMatchObject({ origin: 'start' })
  })
})

describe('dominators', () => {
  test('are the nodes without which a node cannot be reached', () => {
    const edge = fc.tuple(fc.nat(9), fc.nat(9))
    fc.assert(
      fc.property(fc.array(edge, { maxLength: 30 }), (edges) => {
        const targets = (node: number) => edges.filter(([source]) => source === node).map(([, target]) => `n${target}`)
        const ways: Ways = new Map(Array.from({ length: 10 }, (_, node) => [`n${node}`, [targets(node)]]))
        const nearest = dominators(ways, 'n0')
        const reached = reach(ways, 'n0', undefined)
        reached.delete('n0')
        expect(new Set(nearest.keys())).toEqual(reached)
        for (const node of reached) {
          const all = [...reached, 'n0'].filter((other) => other !== node && !reach(ways, 'n0', other).has(node))
          const chain: string[] = []
          for (let at = nearest.get(node); at !== undefined; at = nearest.get(at)) chain.push(at)
          expect(chain.sort()).toEqual(all.sort())
        }
      }),
      { numRuns: 500 },
    )
  })
})

function reach(ways: Ways, start: string, without: string | undefined): Set<string> {
  const seen = new Set<string>(start === without ? [] : [start])
  for (const node of seen) for (const target of ways.get(node)!.flat()) if (target !== without) seen.add(target)
  return seen
}
