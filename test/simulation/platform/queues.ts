// queues: at least once, in any order, sooner or later; or, where a fault says so, twice, much later or never

import { copyOf } from './copy.ts'
import type { Faults } from './faults.ts'
import { PlatformError, type Caller } from './objects.ts'
import type { Process, Timeline } from './timeline.ts'

export interface QueueSettings {
  name: string
  binding: string | undefined
  maxBatch: number
  maxRetries: number
  retryDelayMs: number
  deadLetters: string | undefined
}

interface Message {
  id: string
  body: unknown
  attempts: number
}

interface Batch {
  queue: string
  messages: object[]
  ackAll(): void
  retryAll(): void
}

/** Gives a batch to the Worker; undefined while nobody is there to take it. */
export type Consume = (batch: Batch) => { process: Process; done: Promise<unknown> }

export class Queues {
  readonly #timeline: Timeline
  readonly #faults: Faults
  readonly #consume: Consume
  readonly #byName: ReadonlyMap<string, QueueSettings>
  readonly #waiting = new Map<string, { message: Message; at: number }[]>()
  /** Batches that are being handled, by who does. */
  readonly #handled = new Set<{ process: Process; settings: QueueSettings; messages: Message[] }>()
  /** Messages that ended as dead letters. */
  dead = 0
  #count = 0

  constructor(settings: readonly QueueSettings[], timeline: Timeline, faults: Faults, consume: Consume) {
    this.#byName = new Map(settings.map((each) => [each.name, each]))
    this.#timeline = timeline
    this.#faults = faults
    this.#consume = consume
  }

  /** The producer's binding, as a process sees it. */
  binding(caller: Caller, name: string): object {
    const send = (bodies: unknown[]) => this.#send(caller, name, copyOf(bodies))
    return {
      send: (body: unknown) => send([body]),
      sendBatch: (messages: Iterable<{ body: unknown }>) => send([...messages].map(({ body }) => body)),
    }
  }

  /** What all queues hold is gone. */
  forget(): void {
    this.#waiting.clear()
    this.#handled.clear()
  }

  /** Whoever was handling these is dead: they come again. */
  returnFrom(process: Process): void {
    for (const batch of this.#handled) {
      if (batch.process !== process) continue
      this.#handled.delete(batch)
      for (const message of batch.messages) this.#again(batch.settings, message)
    }
  }

  /** Messages that wait or are handled. */
  get size(): number {
    let size = this.#handled.size
    for (const waiting of this.#waiting.values()) size += waiting.length
    return size
  }

  #send(caller: Caller, name: string, bodies: unknown[]): Promise<void> {
    return new Promise((resolve, reject) => {
      caller.outgoing(() => {
        this.#timeline.schedule(null, `send ${name}`, () => {
          const refuse = this.#faults.strikes('queue.refuses')
          if (!refuse) for (const body of bodies) this.#accept(name, body)
          const tell = () => (refuse ? reject(new PlatformError('Queue sendBatch failed.')) : resolve())
          this.#timeline.schedule(caller.process, `sent ${name}`, tell)
        })
      })
    })
  }

  #accept(name: string, body: unknown): void {
    if (this.#faults.strikes('queue.lost')) return
    const copies = this.#faults.strikes('queue.twice') ? 2 : 1
    for (let copy = 0; copy < copies; copy++) {
      this.#count += 1
      const late = this.#faults.strikes('queue.late') ? this.#timeline.random.int(5_000, 120_000) : 0
      const again = copy === 0 ? 0 : this.#timeline.random.pick([1, 500, 20_000, 200_000])
      this.#put(name, { id: `m${this.#count}`, body, attempts: 1 }, late + again + this.#timeline.random.int(0, 5))
    }
  }

  #put(name: string, message: Message, afterMs: number): void {
    const at = this.#timeline.now + afterMs
    const waiting = this.#waiting.get(name)
    if (waiting === undefined) this.#waiting.set(name, [{ message, at }])
    else waiting.push({ message, at })
    this.#timeline.schedule(null, `deliver ${name}`, () => this.#deliver(name), afterMs)
  }

  #deliver(name: string): void {
    const settings = this.#byName.get(name)!
    const waiting = this.#waiting.get(name) ?? []
    const due = waiting.filter(({ at }) => at <= this.#timeline.now).slice(0, settings.maxBatch)
    if (due.length === 0) return
    this.#waiting.set(
      name,
      waiting.filter((each) => !due.includes(each)),
    )
    this.#give(
      settings,
      due.map(({ message }) => message),
    )
  }

  #give(settings: QueueSettings, messages: Message[]): void {
    const retried = new Set<Message>()
    const acked = new Set<Message>()
    const { process, done } = this.#consume({
      queue: settings.name,
      messages: copyOf(messages).map((copy, index) => ({
        ...copy,
        timestamp: new Date(this.#timeline.now),
        ack: () => acked.add(messages[index]!),
        retry: () => retried.add(messages[index]!),
      })),
      ackAll: () => messages.forEach((message) => acked.add(message)),
      retryAll: () => messages.forEach((message) => retried.add(message)),
    })
    const batch = { process, settings, messages }
    this.#handled.add(batch)
    const settle = (again: (message: Message) => boolean) =>
      this.#timeline.schedule(process, `acknowledge ${settings.name}`, () => {
        this.#handled.delete(batch)
        for (const message of messages) if (again(message)) this.#again(settings, message)
      })
    void done.then(
      () => settle((message) => retried.has(message) && !acked.has(message)),
      () => settle((message) => !acked.has(message)),
    )
  }

  #again(settings: QueueSettings, message: Message): void {
    const next = { ...message, attempts: message.attempts + 1 }
    if (next.attempts <= settings.maxRetries + 1) return this.#put(settings.name, next, settings.retryDelayMs)
    this.dead += 1
    if (settings.deadLetters !== undefined) this.#put(settings.deadLetters, { ...message, attempts: 1 }, 0)
  }
}
