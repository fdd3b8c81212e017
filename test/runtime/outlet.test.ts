import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { Outlet } from '../../worker/runtime/inbox/outlet.ts'

describe('an inbox', () => {
  test('lets so many events into the shared queue at a time, in order, and more as they arrive', () => {
    const outlet = new Outlet(3)
    for (let number = 1; number <= 8; number++) outlet.hold(number)
    expect([outlet.next(), outlet.next()]).toEqual([[1, 2, 3], []])
    expect(outlet.arrived([2])).toBe(true)
    expect(outlet.next()).toEqual([4])
    expect(outlet.arrived([99])).toBe(false)
    // One that was lost makes room for itself.
    outlet.hold(1)
    expect([outlet.next(), outlet.isHeld(1), outlet.isHeld(5)]).toEqual([[5], true, false])
    expect(outlet.drop([6, 7, 8, 1, 3, 4, 5])).toBe(false)
    expect(outlet.next()).toEqual([])
  })

  test('keeps nothing back for good, whatever is lost, sent again or done meanwhile', () => {
    const happening = fc.record({ what: fc.constantFrom('hold', 'arrive', 'drop', 'again'), number: fc.nat(20) })
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 5 }), fc.array(happening, { maxLength: 60 }), (most, happenings) => {
        const outlet = new Outlet(most)
        const [pending, sent] = [new Set<number>(), new Set<number>()]
        const send = () => outlet.next().forEach((number) => sent.add(number))
        for (const { what, number } of happenings) {
          if (what === 'hold') outlet.hold(pending.add(number) && number)
          if (what === 'again' && sent.delete(number)) outlet.hold(number)
          if (what === 'arrive') outlet.arrived([number])
          if (what === 'drop' && pending.delete(number)) outlet.drop([number])
          send()
        }
        for (let round = 0; round < 30; round++) {
          outlet.arrived([...sent])
          send()
        }
        expect([...pending].filter((number) => !sent.has(number))).toEqual([])
        expect([...pending].some((number) => outlet.isHeld(number))).toBe(false)
      }),
      { numRuns: 300 },
    )
  })
})
