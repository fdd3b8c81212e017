// node-types: what a `call` of a random program does when it is performed; what changes contacts does it as ever

import type { Json } from '../../../worker/contract/json.ts'
import { addTags } from '../../../worker/nodes/contact/tags.ts'
import type { EffectNode } from '../../../worker/nodes/define.ts'
import { RetryableError, TerminalError } from '../../../worker/lib/step-errors.ts'
import { busy, refused } from '../../engine/support/failures.ts'

/** The address that all calls go to. */
export const targetUrl = 'https://target.test/'

const decoder = new TextDecoder()

type Performed = Pick<EffectNode, 'kind' | 'perform'> & { params(): { parse(input: unknown): unknown } }

const call: Performed = {
  kind: 'effect',
  params: () => ({ parse: (input) => input }),
  async perform({ params, fetch, idempotencyKey }) {
    const { status, body } = await fetch({
      url: targetUrl,
      method: 'POST',
      headers: { 'idempotency-key': idempotencyKey },
      body: JSON.stringify(params),
    })
    if (status === 422) throw new TerminalError(refused.code, refused.message)
    if (status !== 200) throw new RetryableError(busy.code, busy.message)
    return { output: JSON.parse(decoder.decode(body)) as Json, port: 'out' }
  },
}

/** In the place of the registry, for whoever performs calls. */
export function findNodeType(type: string): Performed | undefined {
  return type === 'call' ? call : type === addTags.type ? addTags : undefined
}
