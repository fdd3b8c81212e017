import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { upgradeGraph } from '../../worker/contract/upgrade-graph.ts'

const stored = {
  version: 1,
  nodes: [
    { id: 'hook', type: 'trigger.webhook', name: 'Hook', position: { x: 0, y: 0 }, params: {} },
    { id: 'call', type: 'http.request', name: 'Call', position: { x: 200, y: 0 }, params: { url: 'https://a.test' } },
  ],
  edges: [{ id: 'e1', source: 'hook', sourcePort: 'out', target: 'call' }],
}

describe('a stored graph', () => {
  test('of the first format is read as it was written, and is not changed by reading', () => {
    const frozen = structuredClone(stored)
    expect(upgradeGraph(stored)).toEqual(frozen)
    expect(stored).toEqual(frozen)
    expect(upgradeGraph(upgradeGraph(stored))).toEqual(frozen)
  })

  test('of a newer release is refused by the number of its format, and so is one without any', () => {
    expect(() => upgradeGraph({ ...stored, version: 99 })).toThrow(/format 99\b.*newer release/)
    expect(() => upgradeGraph({ nodes: [], edges: [] })).toThrow(/format none\b/)
  })

  test('that is no graph is refused, whatever it is', () => {
    fc.assert(
      fc.property(fc.jsonValue(), (value) => {
        expect(() => upgradeGraph(value)).toThrow()
      }),
      { numRuns: 200 },
    )
  })
})
