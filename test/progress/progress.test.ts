import { describe, expect, test } from 'vitest'
import type { JournalEntry } from '../../worker/engine/event.ts'
import { learn } from '../../worker/progress/history.ts'
import { progressOf, type Yardstick } from '../../worker/progress/progress.ts'
import { approve, asked, call, each, give, listen, loop, merge, parallel, pure, wait } from '../engine/support/draw.ts'
import { busy, refused } from '../engine/support/failures.ts'
import { play, type Play } from '../engine/support/play.ts'

/** What these executions teach, newest first. */
function by(...past: Play[]): Yardstick {
  return {
    history: learn(past.map(({ entries }) => entries)),
    version: { number: 3, isOwn: true },
    leadsTo: () => null,
  }
}

/** How it stands now: steps done, steps expected, what remains; each as it is likely. */
function stand({ entries, now }: { entries: readonly JournalEntry[]; now: number }, yardstick: Yardstick) {
  const { done, expected, remainingMs, note } = progressOf(entries, yardstick, now)
  return [done, expected?.likely ?? null, remainingMs?.likely ?? null, note]
}

describe('one step after the other', () => {
  //  start ─► fetch ─► send ─► note
  const drawing = { edges: 'start > fetch > send > note', nodes: { fetch: call(), send: call() } }
  const taking = (fetchMs: number, sendMs: number) => {
    const execution = play(drawing).start()
    execution.until(fetchMs).succeed('fetch')
    return execution.until(fetchMs + sendMs).succeed('send')
  }
  const three = by(taking(100, 1_000), taking(200, 2_000), taking(300, 9_000))

  test('is measured by what came after the same step in others', () => {
    const execution = play(drawing).start()
    expect(stand(execution, three)).toEqual([1, 4, 2_200, undefined])
    execution.until(50)
    expect(stand(execution, three)).toEqual([1, 4, 2_150, undefined])
    execution.succeed('fetch')
    expect(stand(execution, three)).toEqual([2, 4, 2_000, undefined])
    execution.until(550)
    expect(progressOf(execution.entries, three, execution.now)).toEqual({
      done: 2,
      expected: { likely: 4, from: 4, to: 4 },
      share: 0.5,
      remainingMs: { likely: 1_500, from: 700, to: 7_100 },
      basedOn: { source: 'history', executions: 3, versionNumber: 3, sameVersion: true },
    })
  })

  test('of those that were quicker than it is now nothing is learned about the step that goes on', () => {
    const execution = play(drawing).start().succeed('fetch').until(3_000)
    expect(stand(execution, three)).toEqual([2, 4, 6_000, undefined])
  })

  test('says when a step takes longer than ever, and counts what comes after it', () => {
    const execution = play(drawing).start().until(500)
    expect(stand(execution, three)).toEqual([1, 4, 2_000, 'longer_than_usual'])
  })

  test('is 1 of the way once it has finished, whatever was expected', () => {
    const finished = taking(100, 100)
    expect(progressOf(finished.entries, three, finished.now)).toEqual({
      done: 4,
      expected: { likely: 4, from: 4, to: 4 },
      share: 1,
      remainingMs: { likely: 0, from: 0, to: 0 },
      basedOn: null,
    })
  })

  test('claims nothing where there is nothing to learn from, and no single way', () => {
    const execution = play(drawing).start()
    expect(progressOf(execution.entries, by(), 0)).toEqual({
      done: 1,
      expected: null,
      share: null,
      remainingMs: null,
      note: 'no_history',
      basedOn: null,
    })
  })

  test('without history it counts the steps of the only way there is, and knows no time', () => {
    const edges: Record<string, string[]> = { start: ['fetch'], fetch: ['send'], send: ['note'], note: [] }
    const graph = { ...by(), leadsTo: (node: string) => edges[node] ?? null }
    const execution = play(drawing).start().succeed('fetch')
    expect(progressOf(execution.entries, graph, 0)).toEqual({
      done: 2,
      expected: { likely: 4, from: 4, to: 4 },
      share: 0.5,
      remainingMs: null,
      note: 'no_history',
      basedOn: { source: 'graph' },
    })
    const forked = { ...graph, leadsTo: (node: string) => (node === 'send' ? ['note', 'tell'] : (edges[node] ?? null)) }
    expect(stand(execution, forked)).toEqual([2, null, null, 'no_history'])
    const circling = { ...graph, leadsTo: (node: string) => (node === 'note' ? ['fetch'] : (edges[node] ?? null)) }
    expect(stand(execution, circling)).toEqual([2, null, null, 'no_history'])
  })

  test('a try that failed is waited for, for as long as is known', () => {
    const slow = {
      edges: drawing.edges,
      nodes: { fetch: call({ retry: { delayMs: 60_000, backoff: 'fixed', maxDelayMs: 60_000 } }), send: call() },
    }
    const execution = play(slow).start().fail('fetch', busy).until(10_000)
    expect(stand(execution, three)).toEqual([1, 4, 52_000, undefined])
  })

  test('paused, it says how far it is and not for how long', () => {
    const execution = play(drawing).start().turn({ type: 'pause', by: 'ada' })
    expect(stand(execution, three)).toEqual([1, 4, null, 'paused'])
  })

  test('of one that failed and is dealt with nothing is expected', () => {
    const undoable = {
      edges: 'start > fetch > send > note; fetch:undo > forget',
      nodes: { fetch: call({ undo: true }), send: call(), forget: call() },
    }
    const execution = play(undoable).start().succeed('fetch').fail('send', refused)
    expect(execution.status).not.toBe('failed')
    expect(stand(execution, three)).toEqual([3, null, null, 'ending'])
    expect(progressOf(execution.succeed('forget').entries, three, 0)).toMatchObject({ done: 3, share: 1 })
  })

  test('a later try begins where it stood, and is measured again', () => {
    const execution = play(drawing).start().succeed('fetch').fail('send', refused)
    expect(progressOf(execution.entries, three, 0).share).toBe(1)
    execution.turn({ type: 'redrive', by: 'ada' })
    expect(progressOf(execution.entries, three, 0)).toMatchObject({ done: 2, expected: { likely: 4 }, share: 0.5 })
  })
})

describe('ways that part', () => {
  //  start ─► vip ──yes─► call ─► gift ─► card ─► end
  //               ──no──► mail ──────────────────► end
  const drawn = (isVip: boolean) => ({
    edges: 'start > look > vip; vip:yes > phone > gift > card > close; vip:no > mail > close',
    nodes: {
      look: call(),
      vip: pure(() => ({ output: isVip, port: isVip ? 'yes' : 'no' })),
      mail: call(),
      phone: call(),
    },
  })
  const ended = (isVip: boolean) => {
    const execution = play(drawn(isVip)).start().until(10).succeed('look')
    return execution.until(isVip ? 1_000 : 100).succeed(isVip ? 'phone' : 'mail')
  }
  const mostlyShort = by(ended(false), ended(false), ended(true), ended(false))

  test('before they part, what most did is likely, and the range tells of the others', () => {
    const execution = play(drawn(true)).start()
    const { expected, remainingMs } = progressOf(execution.entries, mostlyShort, 0)
    expect(expected).toEqual({ likely: 5, from: 5, to: 6 })
    expect(remainingMs).toEqual({ likely: 100, from: 100, to: 730 })
  })

  test('behind that, only those count that went the same way; the share stands still rather than go back', () => {
    const execution = play(drawn(true)).start()
    const before = progressOf(execution.entries, mostlyShort, 0)
    execution.succeed('look')
    expect(stand(execution, mostlyShort)).toEqual([3, 7, 990, undefined])
    expect(progressOf(execution.entries, mostlyShort, 0)).toMatchObject({
      share: expect.closeTo(3 / 7, 2),
      basedOn: { executions: 1 },
    })
    expect(before.share).toBeLessThan(3 / 7)
  })

  test('where nobody has been yet, it says so', () => {
    const execution = play(drawn(true)).start().succeed('look')
    expect(stand(execution, by(ended(false)))).toEqual([3, null, null, 'new_ground'])
  })
})

describe('loops', () => {
  //  start ─► each ══╦═ send (a call)
  //                  ╚═ done ─► note
  const through = (count: number) => ({
    edges: 'start > each; each:body > send; each:done > note',
    nodes: { each: each(Array.from({ length: count }, () => 'x')), send: call() },
  })
  const ended = (count: number, ms: number) => {
    const execution = play(through(count)).start()
    for (let index = 0; index < count; index++) execution.until((index + 1) * ms).succeed(`each[${index}].send`)
    return execution
  }

  test('go round as often as there is something to go through, at the pace of others', () => {
    const execution = play(through(50)).start()
    expect(stand(execution, by(ended(4, 100)))).toEqual([1, 53, 5_000, undefined])
    expect(stand(execution, by(ended(0, 0), ended(4, 100)))).toEqual([1, 53, 5_000, undefined])
  })

  test('find their own pace as they go', () => {
    const execution = play(through(50)).start()
    for (let index = 0; index < 9; index++) execution.until((index + 1) * 200).succeed(`each[${index}].send`)
    // 9 rounds of 200 ms and one of 100 make 190 ms a round, of which 41 are left.
    expect(stand(execution, by(ended(4, 100)))).toEqual([10, 53, 41 * 190, undefined])
  })

  test('whose rounds nobody can count go on as others did', () => {
    //  start ─► each ══╦═ send
    //                  ╚═ done ─► note          while, as often as it takes
    const until = (count: number) => ({
      ...through(0),
      nodes: { each: loop(() => null, { goesOn: asked(({ loop }) => loop!.index < count) }), send: call() },
    })
    const past = play(until(3)).start()
    for (let index = 0; index < 3; index++) past.until((index + 1) * 100).succeed(`each[${index}].send`)
    const execution = play(until(9)).start()
    expect(stand(execution, by(past))).toEqual([1, 6, 300, undefined])
    execution.until(100).succeed('each[0].send')
    expect(stand(execution, by(past))).toEqual([2, 6, 200, undefined])
  })
})

describe('beside each other', () => {
  //  start ─► all ═╦═ a ─► fetch ─┐
  //                ╠═ b ─► ask ───┤
  //                ╚═ done ─► note
  const drawing = {
    edges: 'start > all; all:a > fetch > keep; all:b > ask > tell; all:done > note',
    nodes: { all: parallel('a b'), fetch: call(), ask: call() },
  }
  const ended = (fetchMs: number, askMs: number) => {
    const execution = play(drawing).start()
    const calls: [number, string][] = [
      [fetchMs, 'fetch'],
      [askMs, 'ask'],
    ]
    for (const [at, path] of calls.toSorted(([a], [b]) => a - b)) execution.until(at).succeed(path)
    return execution
  }

  test('the longer branch decides, and nothing is counted twice', () => {
    const execution = play(drawing).start()
    const history = by(ended(100, 900))
    expect(stand(execution, history)).toEqual([1, 7, 900, undefined])
    execution.until(100).succeed('fetch')
    expect(stand(execution, history)).toEqual([3, 7, 800, undefined])
    execution.until(900).succeed('ask')
    expect(stand(execution, history)).toEqual([7, 7, 0, undefined])
  })

  test('branches that were in another order elsewhere are the same branches', () => {
    const execution = play(drawing).start().until(50).succeed('ask')
    expect(stand(execution, by(ended(100, 900)))).toEqual([3, 7, 850, undefined])
  })

  test('a merge is one step, however many it waits for', () => {
    const merging = {
      edges: 'start > fetch > join; start > ask > join; join > note',
      nodes: { fetch: call(), ask: call(), join: merge() },
    }
    const past = play(merging).start().until(100).succeed('fetch').until(300).succeed('ask')
    const execution = play(merging).start().until(10).succeed('ask')
    expect(stand(execution, by(past))).toEqual([2, 5, 290, undefined])
  })
})

describe('waits', () => {
  const nodes = { rest: wait(({ now }) => now + 60_000), send: call() }
  const drawing = { edges: 'start > rest > send', nodes }

  test('end when they say, whatever they took elsewhere', () => {
    const past = play({ ...drawing, nodes: { ...nodes, rest: wait(({ now }) => now + 5_000) } }).start()
    past.until(5_000).until(5_300).succeed('send')
    const execution = play(drawing).start().until(20_000)
    expect(stand(execution, by(past))).toEqual([1, 3, 40_300, undefined])
  })

  test('for people and events are as long as they were for others, then nobody knows, and they say so', () => {
    const asking = { edges: 'start > ask > send', nodes: { ask: approve(), send: call() } }
    const past = play(asking).start().until(30_000).vote('ask', 'ada@example.com').vote('ask', 'grace@example.com')
    past.until(30_100).succeed('send')
    const execution = play(asking).start().until(1_000)
    expect(stand(execution, by(past))).toEqual([1, 3, 29_100, 'approval'])
    expect(stand(execution.until(40_000), by(past))).toEqual([1, 3, null, 'approval'])
    expect(stand(play(asking).start(), by())).toEqual([1, null, null, 'approval'])

    const hearing = { edges: 'start > hear > send', nodes: { hear: listen('paid', { forMs: 10_000 }), send: call() } }
    const later = play(hearing).start()
    expect(stand(later, by(past))).toEqual([1, null, null, 'event'])
  })
})

describe('what is learned', () => {
  const drawing = { edges: 'start > fetch', nodes: { fetch: call(), give: give(() => 1) } }
  const ended = (ms: number) => play(drawing).start().until(ms).succeed('fetch')

  test('comes from the newest twenty', () => {
    const past = Array.from({ length: 30 }, (_, index) => ended(index < 20 ? 100 : 90_000))
    const execution = play(drawing).start()
    expect(progressOf(execution.entries, by(...past), 0)).toMatchObject({
      remainingMs: { likely: 100, from: 100, to: 100 },
      basedOn: { executions: 20 },
    })
  })

  test('does not come from what has not finished, or was taken up again', () => {
    const again = play(drawing).start().fail('fetch', refused).turn({ type: 'redrive', by: 'ada' }).succeed('fetch')
    expect(learn([play(drawing).start().entries, again.entries, []]).ways).toEqual([])
  })
})
