// node-types: what a `call` of a random program does when it is performed

import type { Json } from '../../../worker/contract/json.ts'
import type { EffectNode } from '../../../worker/nodes/define.ts'
import { RetryableError, TerminalError } from '../../../worker/lib/step-errors.ts'
import { busy, refused } from '../../engine/support/failures.ts'

/** The address that all calls go to. */
export const targetUrl = 'https://target.test/'

const decoder = new TextDecoder()

const call: Pick<EffectNode, 'kind' | 'perform'> & { params: { parse(input: unknown): unknown } } = {
  kind: 'effect',
  params: { parse: (input) => input },
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
export function findNodeType(type: string): typeof call | undefined {
  return type === 'call' ? call : undefined
}
