import { fork } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { readLedger, type SinkCall } from './ledger.ts'
import type { Down, FromSink, ToSink, Watched } from './messages.ts'

/** The outside world as a process; see `sink.ts` for what it does and `behaviour.ts` for what it can be asked for. */
export interface Sink {
  url: string
  /** `host:port`, for `LEAT_EGRESS_ALLOW`. */
  host: string
  /** What was called so far, by the ledger on disk. */
  calls(): SinkCall[]
  /** Resolves when such a call is at the instant; it and those like it after it stay there until `release`. */
  reach(watched: Watched): Promise<void>
  /** Lets go of what is held, by breaking its connections, and forgets what nobody reached. */
  release(): void
  /** Is down for every call from now on, until `null`. What is called is written down all the same. */
  fall(down: Down | null): void
  stop(): Promise<void>
}

export interface SinkOptions {
  /** The ledger's file; one in a folder of its own where none is named. `null` keeps none, and answers the sooner. */
  ledger?: string | null
  /** Any free one by default. */
  port?: number
}

/** Starts a sink. Resolves when it listens. */
export async function startSink({ ledger, port = 0 }: SinkOptions = {}): Promise<Sink> {
  const folder = ledger === undefined ? mkdtempSync(join(tmpdir(), 'leat-sink-')) : undefined
  const file = ledger === undefined ? join(folder!, 'ledger.jsonl') : ledger
  const child = fork(join(import.meta.dirname, 'sink.ts'), [String(port), ...(file === null ? [] : [file])])
  const ended = once(child, 'exit').then(() => {
    throw new Error('The sink ended before it listened.')
  })
  const [first] = (await Promise.race([once(child, 'message'), ended])) as [FromSink]
  if (first.kind !== 'listening') throw new Error('The sink did not say where it listens.')

  const send = (message: ToSink) => void child.send(message)
  let onReached: (() => void) | undefined
  child.on('message', (message: FromSink) => message.kind === 'reached' && onReached?.())

  return {
    url: `http://127.0.0.1:${first.port}`,
    host: `127.0.0.1:${first.port}`,
    calls: () => (file === null ? [] : readLedger(file)),
    reach(watched) {
      return new Promise((resolve) => {
        onReached = resolve
        send({ kind: 'watch', watched })
      })
    },
    release() {
      onReached = undefined
      send({ kind: 'release' })
    },
    fall: (down) => send({ kind: 'fall', down }),
    async stop() {
      const exited = once(child, 'exit')
      child.kill('SIGKILL')
      await exited
      if (folder !== undefined) rmSync(folder, { recursive: true, force: true })
    },
  }
}
