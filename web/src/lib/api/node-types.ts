import type { Page } from '#contract/error.ts'
import type { NodeType } from '#contract/node-type.ts'
import { client } from './client.ts'

let known: Promise<readonly NodeType[]> | undefined

/** Every node type, asked for once a visit; a failure is forgotten, so that the next call asks again. */
export function listNodeTypes(): Promise<readonly NodeType[]> {
  known ??= client.request<Page<NodeType>>('/node-types').then(
    ({ items }) => items,
    (error: unknown) => {
      known = undefined
      throw error
    },
  )
  return known
}
