// Workflows that start each other, as rules see them: no graph of who starts whom goes on for ever.

import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { failureOf, loopIn, loopLimits } from '../../worker/causality/loop.ts'
import { nextChain, ownChain, takenOver } from '../../worker/causality/next-chain.ts'
import { Recent } from '../../worker/causality/recent.ts'
import { RepeatFilter } from '../../worker/causality/repeat-filter.ts'
import { Repeats } from '../../worker/causality/repeats.ts'
import { isChangeByProgram, sameChange } from '../../worker/causality/same-change.ts'
import type { Cause, Chain } from '../../worker/contract/cause.ts'
import { Failure } from '../../worker/contract/failure.ts'
import type { ApiKeyId, UserId, WorkflowId } from '../../worker/contract/id.ts'

const idOf = (index: number) => `wf_${index}` as WorkflowId

interface Executed {
  workflow: number
  chain: Chain | undefined
}

/**
 * Plays what one event for workflow 0 leads to: `causes[w]` lists the workflows that each execution of `w` starts. Gives
 * what was executed and what was refused.
 */
function play(causes: readonly (readonly number[])[], isCall = false) {
  const executed: Executed[] = []
  const refused: Executed[] = []
  const recent = new Recent({ withinMs: loopLimits.descendantsWithinMs, limit: loopLimits.descendants })
  let next: Executed[] = [{ workflow: 0, chain: undefined }]
  let started = 0
  while (next.length > 0) {
    const now: Executed[] = []
    for (const { workflow, chain } of next) {
      const loop = chain === undefined ? null : loopIn(chain, idOf(workflow), { isCall })
      const isAdmitted = chain === undefined || (loop === null && recent.admit(`exe_${(started += 1)}`, started))
      if (!isAdmitted) {
        refused.push({ workflow, chain })
        continue
      }
      executed.push({ workflow, chain })
      const caused = nextChain(chain, { workflowId: idOf(workflow), eventId: 'evt_root' })
      for (const other of causes[workflow] ?? []) now.push({ workflow: other, chain: caused })
    }
    next = now
  }
  return { executed, refused }
}

// Feature: automations-workflows, Property 25: Loop Detection
test('K1: a workflow that starts itself, directly or through others, is executed three times in a row and no more', () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 3 }), fc.integer({ min: 1, max: 2 }), (length, times) => {
      //  0 ─► 1 ─► … ─► 0, each of them so many times
      const causes = Array.from({ length }, (_, index) => Array<number>(times).fill((index + 1) % length))
      const { executed, refused } = play(causes)
      const isOnce = times === 1
      if (isOnce)
        expect(executed.map(({ workflow }) => workflow)).toEqual(
          Array.from({ length: 3 * length }, (_, at) => at % length),
        )
      expect(refused.length).toBeGreaterThan(0)
      for (const { workflow, chain } of executed) {
        expect(chain?.path.filter((id) => id === idOf(workflow)).length ?? 0).toBeLessThan(3)
      }
    }),
    { numRuns: 100 },
  )
})

test('K1, K2: whoever starts whom, it ends, and within 1,000 executions of what one event led to', () => {
  const workflows = 6
  const causes = fc.array(fc.array(fc.integer({ min: 0, max: workflows - 1 }), { maxLength: 4 }), {
    minLength: workflows,
    maxLength: workflows,
  })
  fc.assert(
    fc.property(causes, (starting) => {
      const { executed, refused } = play(starting)
      expect(executed.length).toBeLessThanOrEqual(1 + loopLimits.descendants)
      for (const { workflow, chain } of executed) {
        const { depth, path } = chain ?? { depth: 0, path: [] }
        expect(depth).toBeLessThanOrEqual(10)
        expect(path.filter((id) => id === idOf(workflow)).length).toBeLessThan(3)
      }
      for (const { workflow, chain } of refused) {
        const loop = chain === undefined ? null : loopIn(chain, idOf(workflow))
        expect(loop !== null || executed.length === 1 + loopLimits.descendants).toBe(true)
      }
    }),
    { numRuns: 150 },
  )
})

describe('a chain', () => {
  const path = (...indexes: number[]) => indexes.map(idOf)

  test('of different workflows may be ten long behind its first, and not eleven', () => {
    const chainOf = (depth: number): Chain => ({
      root: 'evt',
      depth,
      path: path(...Array.from({ length: depth }, (_, i) => i)),
    })
    expect(loopIn(chainOf(10), idOf(99))).toBeNull()
    expect(loopIn(chainOf(11), idOf(99))).toMatchObject({ rule: 'depth', depth: 11 })
  })

  test('that a workflow calls itself in has a bound of its own', () => {
    const chain: Chain = { root: 'evt', depth: 4, path: path(1, 1, 1, 1) }
    expect(loopIn(chain, idOf(1))?.rule).toBe('self')
    expect(loopIn(chain, idOf(1), { isCall: true })).toBeNull()
  })

  test('asks about itself before it asks about its length', () => {
    expect(loopIn({ root: 'evt', depth: 12, path: path(1, 1, 1) }, idOf(1))?.rule).toBe('self')
  })

  test.each(['self', 'depth', 'descendants', 'repeats'] as const)('refused by “%s” says so in a sentence', (rule) => {
    const failure = failureOf({ rule, root: 'evt_1', depth: 2, path: path(1, 2) })
    expect(Failure.parse(failure)).toMatchObject({
      kind: 'terminal',
      code: 'loop_detected',
      details: { rule, root: 'evt_1' },
    })
    expect(failure.message).toMatch(/^[A-Z][^{}]+\.$/)
  })
})

describe('what one event led to', () => {
  test('is counted within an hour, each execution once', () => {
    const instants = fc.array(fc.integer({ min: 0, max: 10_000 }), { minLength: 1, maxLength: 60 })
    fc.assert(
      fc.property(instants, fc.integer({ min: 1, max: 8 }), (given, limit) => {
        const [withinMs, all] = [1_000, given.toSorted((one, other) => one - other)]
        const recent = new Recent({ withinMs, limit })
        const admitted: number[] = []
        all.forEach((at, index) => {
          const before = admitted.filter((other) => other > at - withinMs).length
          expect(recent.admit(`exe_${index}`, at)).toBe(before < limit)
          expect(recent.admit(`exe_${index}`, at)).toBe(before < limit)
          if (before < limit) admitted.push(at)
        })
      }),
      { numRuns: 150 },
    )
  })
})

describe('the same data without a cause', () => {
  test('K1: is let in 29 times within a minute, and each keeps its answer', () => {
    const instants = fc.array(fc.integer({ min: 0, max: 200_000 }), { minLength: 1, maxLength: 120 })
    fc.assert(
      fc.property(instants, (given) => {
        const all = given.toSorted((one, other) => one - other)
        const repeats = new Repeats({ mayGoOn: false })
        const answers = all.map((at, index) => repeats.judge(`exe_${index}`, at, at))
        answers.forEach((answer, index) => {
          const came = all.filter((at, other) => other <= index && at > all[index]! - 60_000).length
          expect(answer).toBe(came < 30 ? 'begin' : 'held')
        })
        const kept = new Repeats({ mayGoOn: false, kept: repeats.kept })
        all.forEach((at, index) => {
          const later = answers[index] === 'begin' ? 'begin' : 'refused'
          expect(repeats.judge(`exe_${index}`, at, at + 60_000)).toBe(later)
          if (later === 'refused') expect(kept.judge(`exe_${index}`, at, at + 60_000)).toBe(later)
        })
      }),
      { numRuns: 150 },
    )
  })

  test('is asked about from its fifth time within a minute on, with those before it', () => {
    const filter = new RepeatFilter<number>()
    const asked = Array.from({ length: 6 }, (_, index) => filter.note('a', index, index))
    expect(asked).toEqual([undefined, undefined, undefined, undefined, [0, 1, 2, 3, 4], [1, 2, 3, 4, 5]])
    expect(filter.note('b', 9, 9)).toBeUndefined()
    expect(filter.note('a', 7, 120_000)).toBeUndefined()
  })
})

describe('changes that a program makes to a contact', () => {
  /** Asked when each came, and again a minute and a half later; the last answer each got. */
  function ask(all: readonly number[]): string[] {
    const repeats = new Repeats({ mayGoOn: true })
    const answers = all.map((at, index) => repeats.judge(`exe_${index}`, at, at))
    return answers.map((answer, index) =>
      answer === 'held' ? repeats.judge(`exe_${index}`, all[index]!, all[index]! + 90_000) : answer,
    )
  }

  test('K1: that follow from each other stop, however long each takes, and whatever is done once in between', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 1_900 }), fc.integer({ min: 0, max: 2 }), (roundMs, byOthers) => {
        // A loop: the next change comes only of an execution that began.
        const repeats = new Repeats({ mayGoOn: true })
        let at = 1_000_000
        let rounds = 0
        while (repeats.judge(`exe_${rounds}`, at, at) === 'begin') {
          rounds += 1
          at += roundMs
          expect(rounds).toBeLessThan(30)
        }
        expect(rounds).toBe(29)
        for (let index = 0; index < byOthers; index++) {
          expect(repeats.judge(`exe_by_${index}`, at + 40_000 + index, at + 40_000 + index)).toBe('held')
        }
        const afterCrash = new Repeats({ mayGoOn: true, kept: repeats.kept })
        for (const asked of [repeats, afterCrash]) expect(asked.judge('exe_29', at, at + 60_000)).toBe('refused')
      }),
      { numRuns: 150 },
    )
  })

  test('K1: that branch, each into several, come to their end as well', () => {
    const repeats = new Repeats({ mayGoOn: true })
    let executed = 0
    let next = [0]
    for (let number = 0; next.length > 0;) {
      const at = next.shift()!
      if (repeats.judge(`exe_${number++}`, at, at) !== 'begin') continue
      executed += 1
      next = [...next, at + 900, at + 1_000].toSorted((one, other) => one - other)
      expect(executed).toBeLessThan(100)
    }
    expect(executed).toBe(29)
  })

  test('for reasons of its own are all let in, however often they come, some of them a moment later', () => {
    fc.assert(
      fc.property(fc.integer({ min: 50, max: 5_000 }), fc.integer({ min: 0, max: 5 }), (everyMs, jitter) => {
        const all = Array.from(
          { length: Math.ceil(240_000 / everyMs) },
          (_, index) => index * everyMs + (index % (jitter + 1)),
        )
        const answers = ask(all)
        // What is held at the very end has nothing after it that could speak for it.
        const judged = all.filter((at) => at < 150_000).length
        expect(new Set(answers.slice(0, judged))).toEqual(new Set(['begin']))
      }),
      { numRuns: 100 },
    )
  })

  test('are the same by key, contact and what is changed, not by the values; people and known causes are not asked', () => {
    const by = { kind: 'apiKey', userId: 'usr_1' as UserId, apiKeyId: 'key_1' as ApiKeyId } as const
    const cause: Cause = { root: 'evt_1', depth: 0, path: [], by }
    const changed = (after: number, fields: string[], contactId = 'con_1') => ({
      eventType: 'contact.updated',
      contactId,
      cause,
      data: { data: { contact: { updatedAt: `${after}` }, changes: fields.map((field) => ({ field, after })) } },
    })
    expect(isChangeByProgram(changed(1, ['custom.score']))).toBe(true)
    expect(sameChange(changed(1, ['a', 'b']))).toEqual(sameChange(changed(2, ['b', 'a'])))
    for (const other of [changed(1, ['a']), changed(1, ['a', 'b'], 'con_2')]) {
      expect(sameChange(other)).not.toEqual(sameChange(changed(1, ['a', 'b'])))
    }
    const person: Cause = { ...cause, by: { kind: 'member', userId: by.userId } }
    for (const known of [person, { ...cause, depth: 1 }, undefined]) {
      expect(isChangeByProgram({ eventType: 'contact.updated', cause: known })).toBe(false)
    }
    expect(isChangeByProgram({ eventType: 'order.made', cause })).toBe(false)
  })
})

test('who sent events on the way of a chain is remembered, each once and the latest ten', () => {
  const user = (index: number) => `usr_${index}` as UserId
  const first = nextChain(undefined, { workflowId: idOf(0), eventId: 'evt_0', sender: user(0) })
  expect(first).toEqual({ root: 'evt_0', depth: 1, path: [idOf(0)], senders: [user(0)] })
  const same = nextChain(first, { workflowId: idOf(1), eventId: 'evt_1', sender: user(0) })
  expect(same.senders).toEqual([user(0)])
  let chain = same
  for (let index = 1; index <= 12; index++) {
    chain = nextChain(chain, { workflowId: idOf(1), eventId: 'evt_2', sender: user(index) })
  }
  expect(chain.senders).toEqual(Array.from({ length: 10 }, (_, index) => user(index + 3)))
  expect(nextChain(undefined, { workflowId: idOf(0), eventId: 'evt_0' })).not.toHaveProperty('senders')
})

test('what a step has tried again goes on in the chain of that step, and forgets nobody', () => {
  const sent = (eventId: string, sender: string) => ownChain(undefined, { eventId, sender: sender as UserId })
  const asking = nextChain(sent('evt_1', 'usr_grace'), { workflowId: idOf(1), eventId: 'evt_1' })
  expect(takenOver(sent('evt_0', 'usr_ada'), asking)).toEqual({ ...asking, senders: ['usr_ada', 'usr_grace'] })
})
