// sink.ts <port> [ledger file]
//
// The outside world, as a process of its own: it outlives every crash of the server, and what its ledger says happened
// is what happened. Without a file nothing is written down, which is for benches.

import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'
import { behaviourOf, type Behaviour } from './behaviour.ts'
import { openLedger, type SinkCall } from './ledger.ts'
import type { Down, FromSink, Instant, ToSink, Watched } from './messages.ts'

const [port, file] = process.argv.slice(2)
const ledger = file === undefined ? undefined : await openLedger(file)
const callsByKey = new Map<string, number>()
let number = 0

interface Watch extends Watched {
  left: number
  /** Resolves when what is held may go. */
  released: PromiseWithResolvers<void>
}
let watch: Watch | undefined
let down: Down | null = null

const tell = (message: FromSink) => void process.send?.(message)

/** Whether the call was held here. */
async function pass(instant: Instant, body: unknown): Promise<boolean> {
  const current = watch
  if (current?.instant !== instant || !has(body, current.body ?? {})) return false
  current.left -= 1
  if (current.left > 0) return false
  if (current.left === 0) tell({ kind: 'reached' })
  if (instant === 'answered') return false
  await current.released.promise
  return true
}

function has(body: unknown, values: Record<string, string>): boolean {
  const fields = typeof body === 'object' && body !== null ? (body as Record<string, unknown>) : {}
  return Object.entries(values).every(([name, value]) => fields[name] === value)
}

async function handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
  const body = await readBody(request)
  if (ledger === undefined) return answer(response, { kind: 'ok' })
  if (await pass('arrived', body)) return void request.socket.destroy()

  number += 1
  const key = request.headers['idempotency-key']
  const call: SinkCall = {
    number,
    at: Date.now(),
    method: request.method ?? '',
    address: request.url ?? '',
    key: typeof key === 'string' ? key : null,
    body,
  }
  const counter = `${call.key} ${call.address}`
  const earlier = callsByKey.get(counter) ?? 0
  callsByKey.set(counter, earlier + 1)
  await ledger.commit(call)

  let dropped = false
  response.once('close', () => {
    const kind = dropped ? 'dropped' : response.writableFinished ? 'answered' : 'unanswered'
    ledger.noteEnd(call.number, {
      at: Date.now(),
      kind,
      ...(kind === 'answered' ? { status: response.statusCode } : {}),
    })
    if (kind === 'answered') void pass('answered', body)
  })
  if (await pass('committed', body)) return void request.socket.destroy()
  const behaviour = inTrouble() ?? behaviourOf(call.address, earlier)
  dropped = behaviour.kind === 'drop'
  await answer(response, behaviour)
}

function inTrouble(): Behaviour | undefined {
  if (down === null) return undefined
  return down === 'drop' ? { kind: 'drop' } : { kind: 'status', status: down }
}

async function answer(response: ServerResponse, behaviour: Behaviour): Promise<void> {
  switch (behaviour.kind) {
    case 'ok':
      return json(response, 200, { ok: true })
    case 'slow':
      await sleep(behaviour.ms)
      return json(response, 200, { ok: true })
    case 'status':
      return json(response, behaviour.status, { ok: behaviour.status < 400 })
    case 'limited':
      response.setHeader('retry-after', behaviour.retryAfter)
      return json(response, 429, { ok: false })
    case 'drop':
      return void response.socket?.destroy()
    case 'garbage':
      response.setHeader('content-type', 'application/json')
      return void response.end('{"half": [1, 2,')
    case 'deep':
      response.setHeader('content-type', 'application/json')
      return void response.end('['.repeat(behaviour.levels) + ']'.repeat(behaviour.levels))
    case 'nonsense':
      return void response.socket?.end('good afternoon\r\n\r\n')
    case 'half':
      await half(response)
      return void response.socket?.destroy()
    case 'stall':
      return half(response)
    case 'hang':
      return
    case 'redirect':
      response.setHeader('location', behaviour.to)
      return json(response, 302, { ok: true })
    case 'big':
      return big(response, behaviour.bytes)
    case 'unknown':
      return json(response, 404, { ok: false })
  }
}

function json(response: ServerResponse, status: number, body: unknown): void {
  response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body))
}

/** Resolves when it has gone. */
function half(response: ServerResponse): Promise<void> {
  response.writeHead(200, { 'content-type': 'application/json', 'content-length': '100' })
  return new Promise((resolve) => response.write('{"ok":', () => resolve()))
}

/** As the other side takes it: nobody's memory should have to hold all of it. */
function big(response: ServerResponse, bytes: number): void {
  const chunk = Buffer.alloc(64 * 1024, 'x')
  let left = bytes
  response.writeHead(200, { 'content-type': 'text/plain' })
  const push = () => {
    while (left > 0) {
      const size = Math.min(left, chunk.length)
      left -= size
      if (!response.write(chunk.subarray(0, size))) return
    }
    response.end()
  }
  response.on('drain', push)
  push()
}

async function readBody(request: IncomingMessage): Promise<unknown> {
  const chunks: Buffer[] = []
  for await (const chunk of request) chunks.push(chunk as Buffer)
  const text = Buffer.concat(chunks).toString()
  try {
    return JSON.parse(text) as unknown
  } catch {
    return text
  }
}

process.on('message', (message: ToSink) => {
  if (message.kind === 'fall') return void (down = message.down)
  watch?.released.resolve()
  watch =
    message.kind === 'watch'
      ? { ...message.watched, left: message.watched.nth, released: Promise.withResolvers<void>() }
      : undefined
})
process.on('disconnect', () => process.exit(0))

const server = createServer((request, response) => {
  handle(request, response).catch(() => response.destroy())
})
server.keepAliveTimeout = 60_000
server.listen(Number(port), '127.0.0.1', () =>
  tell({ kind: 'listening', port: (server.address() as AddressInfo).port }),
)
