import { expect, test } from 'vitest'
import type { Graph } from '../../worker/contract/graph.ts'
import { hookProblems } from '../../worker/contract/hook-problems.ts'
import { newHookKey } from '../../worker/lib/id.ts'
import { findProblems } from '../../worker/usecases/workflows/find-problems.ts'

type Asked = Parameters<typeof findProblems>[0]

test('publishing says of a webhook without its secret what the builder says', async () => {
  const params = { verification: 'hmac' }
  const node = { id: 'hook', type: 'trigger.webhook', name: 'Hook', position: { x: 0, y: 0 }, params }
  const graph: Graph = { version: 1, nodes: [node], edges: [] }
  const hook = { nodeId: 'hook', key: newHookKey(), hasSecret: false }
  const asked = { nodes: { validate: () => [] }, variables: { list: () => Promise.resolve([]) } } as unknown as Asked
  const found = []
  for (const hooks of [[], [hook], [{ ...hook, hasSecret: true }]]) {
    const said = await findProblems(asked, graph, hooks)
    expect(said).toEqual(hookProblems(graph, hooks))
    found.push(said.map(({ code }) => code))
  }
  expect(found).toEqual([['hook.secret_missing'], ['hook.secret_missing'], []])
})
