// generator.ts: a process that sends requests as fast as they are answered, over raw sockets that stay open.

import { connect, type Socket } from 'node:net'
import { createAnswerReader, headerOf, type Answer } from './answer-reader.ts'
import type { Load, Outcome } from './load.ts'

let bodies = 0

function createRequests({ url, label }: Load): () => string {
  const { pathname, search, host } = new URL(url)
  const head = `POST ${pathname}${search} HTTP/1.1\r\nhost: ${host}\r\ncontent-type: application/json\r\n`
  return () => {
    bodies += 1
    const body = JSON.stringify({ id: `${label}-${bodies}`, name: 'Ada', total: 21, items: [1, 2, 3] })
    return `${head}content-length: ${body.length}\r\n\r\n${body}`
  }
}

function perform(load: Load): Promise<Outcome> {
  const { hostname, port } = new URL(load.url)
  const nextRequest = createRequests(load)
  const latencies: number[] = []
  const collected: string[] = []
  const errors: Record<string, number> = {}
  const samples: Record<string, string> = {}
  const startedAt = performance.now()
  let lastAt = startedAt
  let sent = 0
  let open = load.connections

  const isOver = () =>
    sent >= (load.requests ?? Infinity) || performance.now() - startedAt >= (load.durationMs ?? Infinity)

  function noteError(kind: string, sample: string): void {
    errors[kind] = (errors[kind] ?? 0) + 1
    samples[kind] ??= sample.slice(0, 500)
  }

  function note({ status, head, body }: Answer, sentAt: number): void {
    lastAt = performance.now()
    if (status >= 300) return noteError(String(status), body())
    latencies.push(lastAt - sentAt)
    if (load.collect === undefined) return
    const value = headerOf(head, load.collect)
    if (value !== undefined) collected.push(value)
  }

  return new Promise((resolve) => {
    function close(socket: Socket): void {
      if (socket.destroyed) return
      socket.destroy()
      open -= 1
      if (open > 0) return
      const elapsedMs = lastAt - startedAt
      resolve({ done: latencies.length, elapsedMs, latencyMs: percentiles(latencies), errors, samples, collected })
    }

    function run(): void {
      const socket = connect({ host: hostname, port: Number(port), noDelay: true })
      const reader = createAnswerReader()
      let sentAt = 0
      const send = () => {
        if (isOver()) return close(socket)
        sent += 1
        sentAt = performance.now()
        socket.write(nextRequest(), 'latin1')
      }
      socket.once('connect', send)
      socket.on('data', (chunk) => {
        const answer = reader.push(chunk)
        if (answer === undefined) return
        note(answer, sentAt)
        send()
      })
      socket.once('error', (error: NodeJS.ErrnoException) => {
        noteError(error.code ?? error.message, error.message)
        close(socket)
      })
      socket.once('end', () => {
        noteError('closed', 'the server closed the connection')
        close(socket)
      })
    }
    for (let index = 0; index < load.connections; index++) run()
  })
}

function percentiles(latencies: number[]): Outcome['latencyMs'] {
  const sorted = Float64Array.from(latencies).sort()
  const at = (share: number) => sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? 0
  return { p50: at(0.5), p95: at(0.95), p99: at(0.99), max: at(1) }
}

process.on('message', (load: Load) => {
  void perform(load).then((outcome) => process.send?.(outcome))
})
process.on('disconnect', () => process.exit(0))
