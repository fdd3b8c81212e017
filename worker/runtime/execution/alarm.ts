// alarm
//
// The one alarm of an execution's object.
//
//   X3. `alarm` never throws. While there is something to wait for, an alarm is armed, or one of these would wake the object:
//       the inbox, where the event stays pending until its execution has handed over its first record, and which would begin
//       it again; or the alarm that is ringing, which lasts as long as the calls it began, and which the platform rings again
//       where the process dies.

import { isArmed } from '../is-armed.ts'
import { lookAfterMs, type nextAlarm } from './next-alarm.ts'

/** After an error of ours the object looks again this much later, in ms. */
const mendAfterMs = 30_000

/**
 * An alarm rings for as long as a call that it stands behind takes, but no longer than this, in ms: arming another one
 * writes to disk, and calls take long when the machine has no time for that.
 */
const ringMs = 60_000

export interface AlarmParts {
  ctx: DurableObjectState
  /** Epoch ms. */
  now(): number
  /** Looks whether something should have moved by now. Never rejects. */
  look(): Promise<void>
}

export class Alarm {
  readonly #parts: AlarmParts
  #armedAt: number | null | undefined
  /** The alarm that is ringing; the platform would ring it again if this process died before it is over. */
  #ringing: { until: number; over: PromiseWithResolvers<void> } | undefined
  /** Looks after a call for which no alarm is armed. */
  #watch: ReturnType<typeof setTimeout> | undefined

  constructor(parts: AlarmParts) {
    this.#parts = parts
  }

  /** The alarm rings, and is not armed any more. Resolves when nothing needs it to ring on. */
  ring(): Promise<void> {
    this.#armedAt = null
    this.#ringing ??= { until: this.#parts.now() + ringMs, over: Promise.withResolvers() }
    return this.#ringing.over.promise
  }

  /** Whether it would ring again if this process died now. */
  isRinging(now: number): boolean {
    return this.#ringing !== undefined && now < this.#ringing.until
  }

  /** Nothing needs it to ring any longer. */
  endRing(): void {
    this.#ringing?.over.resolve()
    this.#ringing = undefined
  }

  /** Arms it, if it is not armed for sooner: an early look is harmless and a row cheaper. */
  arm(at: ReturnType<typeof nextAlarm>): void {
    const { ctx, look } = this.#parts
    clearTimeout(this.#watch)
    if (at === 'unarmed') {
      this.#watch = setTimeout(() => ctx.waitUntil(look()), lookAfterMs)
      return
    }
    if (at !== 'never' && !isArmed(this.#armedAt, at, this.#parts.now())) {
      this.#armedAt = at
      void ctx.storage.setAlarm(at)
    }
    this.endRing()
  }

  /** Arms it for when something is due, whatever it was armed for. */
  rest(at: ReturnType<typeof nextAlarm>): void {
    this.#armedAt = null
    this.arm(at)
  }

  /** Something of ours went wrong: another look, later. */
  mend(): void {
    this.arm(this.#parts.now() + mendAfterMs)
  }
}
