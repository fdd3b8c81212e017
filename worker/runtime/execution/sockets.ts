import type { Execution } from '../../contract/execution.ts'
import type { LiveMessage } from '../../contract/live.ts'

/** Accepts a socket that costs nothing while nothing happens, and says at once where the execution stands. */
export function openSocket(ctx: DurableObjectState, request: Request, execution: Execution | undefined): Response {
  if (request.headers.get('upgrade') !== 'websocket') return new Response('expected a websocket', { status: 426 })
  const { 0: client, 1: server } = new WebSocketPair()
  ctx.acceptWebSocket(server)
  ctx.setWebSocketAutoResponse(new WebSocketRequestResponsePair('ping', 'pong'))
  server.send(toMessage(execution))
  return new Response(null, { status: 101, webSocket: client })
}

/** Tells every browser that watches. Does no work when nobody does. */
export function broadcast(ctx: DurableObjectState, view: () => Promise<Execution>): void {
  const sockets = ctx.getWebSockets()
  if (sockets.length > 0) ctx.waitUntil(tell(sockets, view()))
}

async function tell(sockets: readonly WebSocket[], view: Promise<Execution>): Promise<void> {
  const message = toMessage(await view)
  for (const socket of sockets) socket.send(message)
}

export function toMessage(execution: Execution | undefined): string {
  const message: LiveMessage =
    execution === undefined ? { v: 1, type: 'pending' } : { v: 1, type: 'execution', execution }
  return JSON.stringify(message)
}
