import type { Sent } from '../../contract/failure.ts'
import { furthest, sentAt } from '../../lib/sent.ts'

/** What is known of the requests of one attempt: whether what they were sent to may have got them. */
export class SentSoFar {
  readonly #requests: Sent[] = []

  /**
   * One more request; nobody knows anything of it before `tell` says so. What is told after its end is not heard. `end` with
   * what is known where nobody said it was sent.
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
