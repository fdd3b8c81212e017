// listener
//
// Listening at a trigger, to test with what comes: at a webhook for the next request, or for the next event of a type.
//
//   L1. What the screen says is what is so: it listens while the server has a tap of ours, and is cut off while nobody answers.
//   L2. A tap that the server no longer knows, after a restart or because nobody could ask, is opened anew until the time is over.
//   L3. Whoever stops is answered at once; what an answer still on its way says is not taken any more.

import type { Tap, TapNews, TapRefusal } from '#contract/tap.ts'
import { tapLimits } from '#contract/facts/tap.ts'
import { toApiError } from '#lib/api/api-error.ts'

type Received = Extract<TapNews, { state: 'received' }>

export interface ListenerPorts {
  /** Saves the draft. False when it could not be saved: then the server may not know of the trigger yet. */
  saveDraft: () => Promise<boolean>
  open: (nodeId: string) => Promise<Tap>
  wait: (tap: Tap, question: { after?: string; waitMs: number }, signal: AbortSignal) => Promise<TapNews>
  close: (tap: Tap) => Promise<unknown>
  /** Keeps what came as what tests of the trigger begin with. */
  received: (nodeId: string, trigger: Received['trigger']) => void
  sleep: (ms: number) => Promise<void>
  /** Epoch ms. */
  now: () => number
}

export type ListenerState =
  | { status: 'idle' }
  | {
      status: 'listening'
      nodeId: string
      /** Undefined while it begins. */
      tap: Tap | undefined
      /** Epoch ms. */
      until: number
      refused: readonly TapRefusal[]
      /** The server does not answer; it is asked again. */
      isCutOff: boolean
    }
  | ({ status: 'received'; nodeId: string; at: string } & Pick<Received, 'outcome' | 'meetsConditions'>)
  /** `early`: before the time was over, because others listen in its place. */
  | { status: 'over'; nodeId: string; refused: readonly TapRefusal[]; early: boolean }
  | { status: 'failed'; nodeId: string; reason: string }

type Listening = Extract<ListenerState, { status: 'listening' }>

/** One time of listening, from when it is asked for until it is over. */
interface Round {
  abort: AbortController
  tap?: Tap
}

const askAgainMs = 1_500

/** Waits for one request or event at a time (L1–L3). */
export class Listener {
  #state: ListenerState = $state.raw({ status: 'idle' })
  #round: Round | undefined
  /** Grows with all that was received. */
  arrivals = $state(0)
  readonly #ports: ListenerPorts

  constructor(ports: ListenerPorts) {
    this.#ports = ports
  }

  get state(): ListenerState {
    return this.#state
  }

  get isListening(): boolean {
    return this.#state.status === 'listening'
  }

  /** Listens at a trigger, and no longer anywhere else. Resolves when that is over, for whatever reason. */
  async listen(nodeId: string): Promise<void> {
    this.stop()
    const round: Round = { abort: new AbortController() }
    this.#round = round
    const until = this.#ports.now() + tapLimits.listensMs
    const beginning: Listening = {
      status: 'listening',
      nodeId,
      tap: undefined,
      until,
      refused: [],
      isCutOff: false,
    }
    this.#state = beginning
    const end = await this.#follow(beginning, round)
    if (end === undefined || round.abort.signal.aborted) return
    this.#leave(round)
    this.#state = end
  }

  /** Listens no more, and takes back what it says of an earlier time. */
  stop(): void {
    if (this.#round !== undefined) this.#leave(this.#round)
    this.#state = { status: 'idle' }
  }

  #leave(round: Round): void {
    round.abort.abort()
    if (this.#round === round) this.#round = undefined
    // Nobody is told when that fails: a tap that nobody asks is over by itself.
    if (round.tap !== undefined) this.#ports.close(round.tap).catch(() => undefined)
  }

  /** What it comes to; undefined when it was stopped. */
  async #follow(now: Listening, round: Round): Promise<ListenerState | undefined> {
    const { nodeId, until } = now
    const { signal } = round.abort
    const show = (part: Partial<Listening>) => {
      now = { ...now, ...part }
      if (!signal.aborted) this.#state = now
    }
    for (;;) {
      if (signal.aborted) return undefined
      const leftMs = until - this.#ports.now()
      if (leftMs <= 0) return { status: 'over', nodeId, refused: now.refused, early: false }
      try {
        const tap = round.tap ?? (await this.#open(nodeId, signal))
        if (tap === undefined) return undefined
        round.tap = tap
        show({ tap, isCutOff: false })
        const after = now.refused.at(-1)?.at
        const question = { ...(after !== undefined && { after }), waitMs: Math.min(leftMs, tapLimits.waitMs) }
        const news = await this.#ports.wait(tap, question, signal)
        if (signal.aborted) return undefined
        const refused = news.refused.length > 0 ? news.refused : now.refused
        switch (news.state) {
          case 'listening':
            show({ refused })
            break
          case 'received':
            this.#ports.received(nodeId, news.trigger)
            this.arrivals += 1
            return {
              status: 'received',
              nodeId,
              at: news.receivedAt,
              outcome: news.outcome,
              ...(news.meetsConditions !== undefined && { meetsConditions: news.meetsConditions }),
            }
          case 'over':
            return { status: 'over', nodeId, refused, early: until - this.#ports.now() > askAgainMs }
        }
      } catch (thrown) {
        if (signal.aborted) return undefined
        const { code, status, message } = toApiError(thrown)
        const isPassing = code.startsWith('network.') || status >= 500
        if (code === 'tap.not_found') delete round.tap
        else if (!isPassing) return { status: 'failed', nodeId, reason: message }
        show({ isCutOff: isPassing })
        await this.#ports.sleep(askAgainMs)
      }
    }
  }

  /** Undefined when it was stopped meanwhile: then nobody listens by this tap. */
  async #open(nodeId: string, signal: AbortSignal): Promise<Tap | undefined> {
    if (!(await this.#ports.saveDraft())) {
      throw new Error('The draft could not be saved, so there is nothing to listen at. See the state of saving above.')
    }
    if (signal.aborted) return undefined
    const tap = await this.#ports.open(nodeId)
    if (!signal.aborted) return tap
    this.#ports.close(tap).catch(() => undefined)
    return undefined
  }
}
