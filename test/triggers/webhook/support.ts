import type { AppError } from '../../../worker/lib/app-error.ts'
import { webhookParams } from '../../../worker/nodes/trigger/webhook.ts'
import { receiveWebhook, type Received, type ReceiveInput } from '../../../worker/triggers/webhook/index.ts'

export const now = Date.parse('2026-06-01T12:00:00Z')
export const seconds = now / 1_000
export const secret = 'a secret of more than 24 characters'

export function settingsFor(params: Record<string, unknown>) {
  return webhookParams().parse({ methods: ['GET', 'POST'], ...params })
}

export interface Sent {
  body?: BodyInit | Uint8Array
  headers?: Record<string, string>
  method?: string
  search?: string
}

export function requestOf({ body, headers = {}, method, search = '' }: Sent): Request {
  return new Request(`https://leat.example.org/hooks/abc${search}`, {
    method: method ?? (body === undefined ? 'GET' : 'POST'),
    headers,
    ...(body === undefined ? {} : { body: body as BodyInit }),
  })
}

export function receive(sent: Sent, input: Partial<ReceiveInput> = {}): Promise<Received> {
  const request = requestOf(sent)
  return receiveWebhook({
    request,
    search: new URL(request.url).search,
    settings: settingsFor({}),
    hookKey: 'hook',
    secrets: [],
    now,
    ...input,
  })
}

/** What the workflow would read as `trigger`. */
export async function triggerOf(sent: Sent, input: Partial<ReceiveInput> = {}) {
  const received = await receive(sent, input)
  if (received.kind !== 'trigger') throw new Error('this was taken for a handshake')
  return received.trigger
}

export async function dedupeOf(sent: Sent, input: Partial<ReceiveInput> = {}) {
  const received = await receive(sent, input)
  if (received.kind !== 'trigger') throw new Error('this was taken for a handshake')
  return received.dedupe
}

/** The code of the error, with its reason where it has one. */
export async function codeOf(call: Promise<unknown>): Promise<string> {
  try {
    await call
  } catch (error) {
    const { code, details } = error as AppError
    const reason =
      typeof details === 'object' && details !== null && !Array.isArray(details) ? details['reason'] : undefined
    return code === 'hook.unauthorized' ? `${code}: ${String(reason)}` : code
  }
  return 'received'
}
