import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { SendWindow } from '../../worker/runtime/inbox/send-window.ts'

describe('an inbox', () => {
  test('lets so many events into the shared queue at a time, in order, and more as they arrive', () => {
    const window = new SendWindow(3)
    for (let number = 1; number <= 8; number++) window.hold(number)
    expect([window.next(), window.next()]).toEqual([[1, 2, 3], []])
    expect(window.arrived([2])).toBe(true)
    expect(window.next()).toEqual([4])
    expect(window.arrived([99])).toBe(false)
    // One that was lost makes room for itself.
    window.hold(1)
    expect([window.next(), window.isHeld(1), window.isHeld(5)]).toEqual([[5], true, false])
    expect(window.drop([6, 7, 8, 1, 3, 4, 5])).toBe(false)
    expect(window.next()).toEqual([])
  })

  test('keeps nothing back for good, whatever is lost, sent again or done meanwhile', () => {
    const happening = fc.record({ what: fc.constantFrom('hold', 'arrive', 'drop', 'again'), number: fc.nat(20) })
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 5 }), fc.array(happening, { maxLength: 60 }), (most, happenings) => {
        const window = new SendWindow(most)
        const [pending, sent] = [new Set<number>(), new Set<number>()]
        const send = () => window.next().forEach((number) => sent.add(number))
        for (const { what, number } of happenings) {
          if (what === 'hold') window.hold(pending.add(number) && number)
          if (what === 'again' && sent.delete(number)) window.hold(number)
          if (what === 'arrive') window.arrived([number])
          if (what === 'drop' && pending.delete(number)) window.drop([number])
          send()
        }
        for (let round = 0; round < 30; round++) {
          window.arrived([...sent])
          send()
        }
        expect([...pending].filter((number) => !sent.has(number))).toEqual([])
        expect([...pending].some((number) => window.isHeld(number))).toBe(false)
      }),
      { numRuns: 300 },
    )
  })
})
