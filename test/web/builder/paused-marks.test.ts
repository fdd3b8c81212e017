import { expect, test } from 'vitest'
import { heldBack, withPaused } from '#lib/graph/model/paused-marks.ts'
import type { Mark } from '#lib/graph/model/marks.ts'

const mark = (status: Mark['status'], path = 'a'): Mark => ({ status, handled: false, visits: 1, path })

test('what begins when it goes on is marked as paused, unless it is open already', () => {
  const marks = new Map([
    ['open', mark('waiting')],
    ['again', mark('completed')],
  ])
  const shown = withPaused(marks, [
    { path: 'open#2', nodeId: 'open' },
    { path: 'again#2', nodeId: 'again' },
    { path: 'fresh', nodeId: 'fresh' },
  ])
  expect(shown.get('open')).toEqual(mark('waiting'))
  expect(shown.get('again')).toMatchObject({ label: 'Paused', path: 'again#2', visits: 1 })
  expect(shown.get('fresh')).toMatchObject({ label: 'Paused', visits: 0 })
  expect(marks.size).toBe(2)
})

test('nothing moves but towards calls in flight', () => {
  const moving = { count: 1, moving: true }
  const traffic = new Map([
    ['to-call', moving],
    ['to-retry', moving],
  ])
  const targets = new Map([
    ['to-call', 'call'],
    ['to-retry', 'retry'],
  ])
  const marks = new Map([
    ['call', mark('running')],
    ['retry', mark('retrying')],
  ])
  const held = heldBack(traffic, targets, marks)
  expect([held.get('to-call')?.moving, held.get('to-retry')?.moving]).toEqual([true, false])
})
