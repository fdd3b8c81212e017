import { createSubscriber } from 'svelte/reactivity'

/** The time as the page shows it, in epoch ms: moves every second while something on the page reads it. */
class Clock {
  #subscribe = createSubscriber((update) => {
    const timer = setInterval(() => {
      if (!document.hidden) update()
    }, 1_000)
    return () => clearInterval(timer)
  })

  get now(): number {
    this.#subscribe() // whoever reads it, reads it again at the next tick
    return Date.now()
  }
}

export const clock = new Clock()
