import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import type { Graph } from '#contract/graph.ts'
import type { Problem } from '#contract/problem.ts'
import { Checks } from '../../../web/src/lib/builder/checks/checks.svelte.ts'
import { makeGraph } from './support.ts'

beforeEach(() => void vi.useFakeTimers())
afterEach(() => void vi.useRealTimers())

const problem = (nodeId: string): Problem => ({ severity: 'error', code: 'x', message: 'm', path: 'nodes.0', nodeId })
const told = (checks: Checks) => checks.problems.map(({ nodeId }) => nodeId)

/** Checks whose answers come when they are let, in any order. */
function makeChecks() {
  const answers = new Map<Graph, (problems: readonly Problem[]) => void>()
  const asked: Graph[] = []
  const checks = new Checks((graph) => {
    asked.push(graph)
    return new Promise((resolve) => answers.set(graph, resolve))
  })
  const answer = async (graph: Graph, ...problems: Problem[]) => {
    answers.get(graph)?.(problems)
    await vi.advanceTimersByTimeAsync(0)
  }
  return { checks, asked, answer }
}

test('looks at once when opened, and then a moment after the last change', async () => {
  const { checks, asked, answer } = makeChecks()
  const [a, b, c] = [makeGraph('a'), makeGraph('b'), makeGraph('c')]
  checks.check(a)
  await vi.advanceTimersByTimeAsync(0)
  expect(asked).toEqual([a])
  await answer(a, problem('a'))
  checks.check(b)
  await vi.advanceTimersByTimeAsync(100)
  checks.check(c)
  await vi.advanceTimersByTimeAsync(240)
  expect([asked, told(checks)]).toEqual([[a], ['a']])
  await vi.advanceTimersByTimeAsync(20)
  await answer(c)
  expect([asked, told(checks), checks.errorCount]).toEqual([[a, c], [], 0])
})

test('an answer about an older graph is dropped', async () => {
  const { checks, answer } = makeChecks()
  const [a, b] = [makeGraph('a'), makeGraph('b')]
  checks.check(a)
  await vi.advanceTimersByTimeAsync(300)
  checks.check(b)
  await vi.advanceTimersByTimeAsync(300)
  await answer(b, problem('b'))
  await answer(a, problem('a'))
  expect(told(checks)).toEqual(['b'])
})

test('when it cannot be found out, what was known stays', async () => {
  let fails = false
  const checks = new Checks(async () => {
    if (fails) throw new Error('no answer')
    return [problem('a')]
  })
  checks.check(makeGraph('a'))
  await vi.advanceTimersByTimeAsync(0)
  fails = true
  checks.check(makeGraph('b'))
  await vi.advanceTimersByTimeAsync(300)
  expect(told(checks)).toEqual(['a'])
})
