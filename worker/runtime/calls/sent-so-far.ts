import type { Sent } from '../../contract/failure.ts'
import { furthest, sentAt } from '../../lib/sent.ts'

/** What is known of the requests of one attempt: whether what they were sent to may have got them. */
export class SentSoFar {
  readonly #requests: Sent[] = []

  /**
   * One more request. Whether it was sent is unknown until `tell` says more. `end` takes what is known in case `tell` never
   * said that the request went out; after it, `tell` changes nothing.
   */
  begin(): { tell: (sent: Sent) => void; end: (sent?: Sent) => void } {
    const index = this.#requests.push(sentAt.gone) - 1
    let isTold = false
    let isOver = false
    return {
      tell: (sent) => {
        if (isOver) return
        isTold = true
        this.#requests[index] = sent
      },
      end: (sent) => {
        isOver = true
        const isOpen = !isTold || this.#requests[index] === sentAt.checked
        if (isOpen && sent !== undefined) this.#requests[index] = sent
      },
    }
  }

  get all(): Sent {
    return furthest(...this.#requests)
  }
}
