// ingest-hook
//
// `POST /hooks/:key`: the path every webhook takes, and the hottest one there is.
//
//   H1. A 2xx means durable: the event is in its inbox before the sender is told so.
//   H2. Routes are taken from memory and offered with their epoch; an inbox that knows newer ones refuses, and the
//       event is offered again by those.
//   H3. A refusal is by the routes in force, as an acceptance is: a delivery that remembered ones refuse has offered
//       nothing, so the inbox is asked whether they still are.
//   H4. Whatever goes wrong is one of the catalogue's errors, and nothing is half accepted.

import { isHookKey } from '../../contract/facts/id.ts'
import type { Env } from '../../env.ts'
import type { Address } from '../../lib/address-of.ts'
import { AppError, appError } from '../../lib/app-error.ts'
import { countedAddress } from '../../lib/counted-address.ts'
import { newId } from '../../lib/id.ts'
import { hookResponse, receiveWebhook, type KeptBody, type Received } from '../../triggers/webhook/index.ts'
import type { AcceptedTrigger } from '../inbox/accepted-trigger.ts'
import { isolateOf, type Isolate } from '../isolate.ts'
import type { Dated, OpenHook } from '../routes/route-cache.ts'
import { ingestTest, tellOfRefusal, type TestPlace } from './ingest-test.ts'
import { offerWebhook } from './offer-webhook.ts'

/** Routes may change while we offer; more often than this they do not. */
const maxOffers = 3

/** Answers a request to `/hooks/:key`. Throws `AppError`. */
export async function ingestHook(request: Request, { path, search }: Address, env: Env): Promise<Response> {
  // What follows the key would be read by nobody, and two such addresses would share the key's duplicates.
  const key = path.slice('/hooks/'.length).replace(/\/$/, '')
  if (!isHookKey(key)) throw appError('hook.not_found')
  const isolate = isolateOf(env)
  const { routes } = isolate
  let hook = routes.knownHook(key) ?? (await routes.findHook(key, { from: senderOf(request, isolate) }))
  if (hook === undefined) throw appError('hook.not_found')
  if (hook.routes.ready === undefined) hook = (await routes.findHook(key, { fresh: true })) ?? hook

  const now = Date.now()
  const delivery: Delivery = { request, search, now, kept: {} }
  if (hook.routes.ready === undefined) return testBy(delivery, hook, env)
  let received: Received
  try {
    received = await receive(delivery, hook)
  } catch (refusal) {
    hook = await routesAfter(request, refusal, hook, env)
    if (hook.routes.ready === undefined) return testBy(delivery, hook, env)
    received = await receive(delivery, hook)
  }
  if (received.kind === 'handshake') return hookResponse(received.response)

  const eventId = newId('event', now)
  for (let offers = 1; ; offers++) {
    const trigger: AcceptedTrigger = {
      organizationId: hook.routes.organizationId,
      eventId,
      at: now,
      source: { kind: 'webhook', hookKey: key },
      data: received.trigger,
    }
    if (received.cause !== undefined) {
      const at = { organizationId: trigger.organizationId, now }
      const cause = await isolateOf(env).vault.openCause(received.cause, at)
      if (cause !== undefined) trigger.cause = cause
    }
    const answer = await offerWebhook(env, hook, trigger, received.dedupe)
    if (answer !== 'stale') return answer
    if (offers === maxOffers) throw appError('service.unavailable')
    // What may send here, and how it must prove itself, may have changed too: the same bytes are received anew.
    hook = await routes.findHook(key, { fresh: true })
    if (hook === undefined) throw appError('hook.not_found')
    if (hook.routes.ready === undefined) return testBy(delivery, hook, env)
    received = await receive(delivery, hook)
    if (received.kind === 'handshake') return hookResponse(received.response)
  }
}

/** Against whom a key that leads nowhere is counted; undefined where nothing says whence a request comes. */
function senderOf({ headers }: Request, { addressHeader }: Pick<Isolate, 'addressHeader'>): string | undefined {
  return addressHeader === undefined ? undefined : countedAddress(headers.get(addressHeader) ?? undefined)
}

/** What came in; its body is kept, for it may be received by more than one state of the routes. */
interface Delivery {
  request: Request
  search: string
  now: number
  kept: KeptBody
}

/** The routes in force, where those of a refusal do not hold any more (H3). Where they do, the refusal stands and is thrown. */
async function routesAfter(
  request: Request,
  refusal: unknown,
  hook: Dated<OpenHook>,
  env: Env,
): Promise<Dated<OpenHook>> {
  const { routes } = isolateOf(env)
  if (!isByRoutes(refusal) || (await routes.isInForce(hook))) {
    await tellOfRefusal(env, placeOf(hook), request, refusal)
    throw refusal
  }
  const present = await routes.findHook(hook.routes.key, { fresh: true })
  if (present === undefined) throw appError('hook.not_found')
  return present
}

/** Nothing is live behind the hook: the answer of whoever listens there to test. */
function testBy(delivery: Delivery, hook: Dated<OpenHook>, env: Env): Promise<Response> {
  return ingestTest(env, placeOf(hook), { ...delivery, secrets: secretsOf(hook, delivery.now) })
}

function placeOf({ routes }: Dated<OpenHook>): TestPlace {
  return { organizationId: routes.organizationId, hookKey: routes.key }
}

/** The secrets that count now, in clear. */
function secretsOf({ routes }: Dated<OpenHook>, now: number): string[] {
  return routes.secrets.filter(({ expiresAt }) => expiresAt === null || expiresAt > now).map(({ text }) => text)
}

/** Whether other routes might not have refused it: they say what may be sent, and how senders prove who they are. */
function isByRoutes(refusal: unknown): boolean {
  return (
    refusal instanceof AppError && (refusal.code === 'hook.unauthorized' || refusal.code === 'hook.method_not_allowed')
  )
}

function receive(delivery: Delivery, hook: Dated<OpenHook>): Promise<Received> {
  const { ready, key } = hook.routes
  if (ready === undefined) throw appError('hook.not_found')
  return receiveWebhook({
    ...delivery,
    settings: ready.settings,
    hookKey: key,
    secrets: secretsOf(hook, delivery.now),
    chooseId: ready.chooseId,
  })
}
