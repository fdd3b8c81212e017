// timeline: one thread, one clock, one event at a time
//
//   T1. Nothing happens but by an event, and after each the code it set going runs until it waits for another one. So the
//       border between two events is a point at which a process may die, and there are no others.
//   T2. Events that fall on the same instant come in an order drawn from the seed: two messages overtake each other.
//   T3. An event belongs to a process and dies with it, or to the platform, which does not die.

import type { Random } from '../../../scripts/prove/kill/random.ts'

/** Something that runs code and can die. */
export interface Process {
  readonly name: string
  alive: boolean
}

interface Event {
  at: number
  tie: number
  process: Process | null
  what: string
  run(): void
  isCancelled: boolean
}

const setImmediate = globalThis.setImmediate
const timer = 'timer'
const ignore = () => {}

export class Timeline {
  /** Epoch ms. */
  now: number
  /** Events that happened. */
  steps = 0
  /** Whose code is running. */
  current: Process | null = null
  readonly random: Random
  /** Called before each event, with what it is and whose: here somebody may die. */
  onStep: (step: number, what: string, process: Process | null) => void = () => {}
  /** Changes with everything that happens, so that two runs can be compared. */
  trace = 0
  readonly #heap: Event[] = []

  constructor(start: number, random: Random) {
    this.now = start
    this.random = random
  }

  /** In so many ms; 0 to 3 where nothing is said. */
  schedule(process: Process | null, what: string, run: () => void, afterMs?: number): Event {
    const at = this.now + (afterMs ?? this.random.int(0, 3))
    const event = { at, tie: this.random.int(0, 1 << 30), process, what, run, isCancelled: false }
    this.#push(event)
    return event
  }

  /** When the next event will be. */
  get nextAt(): number | undefined {
    this.#dropDead()
    return this.#heap[0]?.at
  }

  /** Lets the next event happen, and all that follows from it without another one. False when there is none. */
  async step(): Promise<boolean> {
    this.#dropDead()
    const next = this.#heap[0]
    if (next === undefined) return false
    this.steps += 1
    this.now = Math.max(this.now, next.at)
    this.onStep(this.steps, next.what, next.process)
    const event = this.#pop()
    if (event === undefined || event.isCancelled || event.process?.alive === false) return true
    this.now = Math.max(this.now, event.at)
    this.#note(event.what)
    this.current = event.process
    try {
      event.run()
    } catch (error) {
      // What is thrown in a timer of the shell has nobody to catch it, and ends nothing.
      if (event.what !== timer) throw error
    }
    // Its turn comes when no promise has anything left to do. A turn of the whole loop would wait for nothing else, and
    // takes longer than most events.
    await new Promise<void>((resolve) => process.nextTick(resolve))
    this.current = null
    return true
  }

  /** The clock, timers and chance of the code that runs, until the returned function is called. */
  takeOver(): () => Promise<void> {
    const {
      Date: { now },
      setTimeout,
      clearTimeout,
    } = globalThis
    const { getRandomValues } = crypto
    Date.now = () => this.now
    const timers = globalThis as unknown as Record<'setTimeout' | 'clearTimeout', unknown>
    // A timer takes whole milliseconds, and one of them at least.
    timers.setTimeout = (run: () => void, ms = 0) =>
      this.schedule(this.current, timer, run, Math.max(1, Math.floor(ms)))
    timers.clearTimeout = (event: Event | undefined) => {
      if (event !== undefined) event.isCancelled = true
    }
    crypto.getRandomValues = <Bytes extends ArrayBufferView | null>(bytes: Bytes): Bytes => {
      if (bytes instanceof Uint8Array) bytes.forEach((_, index) => (bytes[index] = this.random.int(0, 255)))
      return bytes
    }
    // Nor has a promise that nobody waits for.
    process.on('unhandledRejection', ignore)
    return async () => {
      // Promises are found to be unhandled between two turns of the loop, and there was none so far.
      await new Promise<void>((resolve) => setImmediate(resolve))
      process.off('unhandledRejection', ignore)
      Date.now = now
      Object.assign(timers, { setTimeout, clearTimeout })
      crypto.getRandomValues = getRandomValues
    }
  }

  #note(what: string): void {
    for (let index = 0; index < what.length; index++)
      this.trace = Math.imul(this.trace ^ what.charCodeAt(index), 16777619)
    this.trace = Math.imul(this.trace ^ this.now, 16777619) >>> 0
  }

  #dropDead(): void {
    for (let event = this.#heap[0]; event !== undefined; event = this.#heap[0]) {
      if (!event.isCancelled && event.process?.alive !== false) return
      this.#pop()
    }
  }

  #push(event: Event): void {
    const heap = this.#heap
    let index = heap.push(event) - 1
    while (index > 0) {
      const parent = (index - 1) >> 1
      if (!isBefore(event, heap[parent]!)) break
      heap[index] = heap[parent]!
      index = parent
    }
    heap[index] = event
  }

  #pop(): Event | undefined {
    const heap = this.#heap
    const [first] = heap
    const last = heap.pop()
    if (last === undefined || heap.length === 0) return first
    let index = 0
    for (;;) {
      let child = 2 * index + 1
      if (child >= heap.length) break
      if (child + 1 < heap.length && isBefore(heap[child + 1]!, heap[child]!)) child += 1
      if (!isBefore(heap[child]!, last)) break
      heap[index] = heap[child]!
      index = child
    }
    heap[index] = last
    return first
  }
}

function isBefore(one: Event, other: Event): boolean {
  return one.at < other.at || (one.at === other.at && one.tie < other.tie)
}
