// sockets
//
// The sockets of those who watch an execution. A socket is admitted when it is opened, and not for as long as the execution
// lives: that can be weeks, in which sessions end, keys are revoked and members leave.
//
//   S1. A socket carries until when its admission counts. Nothing is sent on it afterwards: it is closed with
//       `admitAnew` instead, and a watcher who may still look opens another by a new request.
//   S2. The admission is checked whenever the execution broadcasts, which is when data leaves: there is no timer, and an idle
//       socket costs nothing.

import type { Execution } from '../../contract/execution.ts'
import type { LiveMessage } from '../../contract/live.ts'
import { admitAnew } from '../../contract/facts/live.ts'

/** How long an admission counts. */
const admittedForMs = 5 * 60_000

/** What a socket remembers, also while its object sleeps. */
interface Admission {
  /** Epoch ms. */
  until: number
}

/** Accepts a socket that costs nothing while nothing happens, and says at once where the execution stands. */
export function openSocket(ctx: DurableObjectState, request: Request, execution: Execution | undefined): Response {
  if (request.headers.get('upgrade') !== 'websocket') return new Response('expected a websocket', { status: 426 })
  const { 0: client, 1: server } = new WebSocketPair()
  ctx.acceptWebSocket(server)
  ctx.setWebSocketAutoResponse(new WebSocketRequestResponsePair('ping', 'pong'))
  server.serializeAttachment({ until: Date.now() + admittedForMs } satisfies Admission)
  server.send(toMessage(execution))
  return new Response(null, { status: 101, webSocket: client })
}

/** Sends the execution to every socket whose admission counts. Does no work when there is none. */
export function broadcast(ctx: DurableObjectState, view: () => Promise<Execution>): void {
  const now = Date.now()
  const admitted = ctx.getWebSockets().filter((socket) => {
    const isAdmitted = isAdmittedAt(socket.deserializeAttachment(), now)
    if (!isAdmitted) socket.close(admitAnew, 'open another')
    return isAdmitted
  })
  if (admitted.length > 0) ctx.waitUntil(tell(admitted, view()))
}

/** What was opened by an earlier release remembers nothing, and is admitted anew too. */
function isAdmittedAt(attachment: unknown, now: number): boolean {
  const { until = 0 } = (attachment ?? {}) as Partial<Admission>
  return until > now
}

async function tell(sockets: readonly WebSocket[], view: Promise<Execution>): Promise<void> {
  const message = toMessage(await view)
  for (const socket of sockets) if (socket.readyState === WebSocket.OPEN) socket.send(message)
}

export function toMessage(execution: Execution | undefined): string {
  const message: LiveMessage =
    execution === undefined ? { v: 1, type: 'pending' } : { v: 1, type: 'execution', execution }
  return JSON.stringify(message)
}
