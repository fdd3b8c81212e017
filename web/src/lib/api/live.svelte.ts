import { admitAnew } from '#contract/facts/live.ts'
import { type LiveState, openLiveConnection } from './live-connection.ts'

export interface LiveOptions<Message> {
  /** The socket's path on this site: `/ws/executions/exe_…`. */
  path: string
  parse: (text: string) => Message
  ask: () => Promise<Message>
  onmessage: (message: Message) => void
}

/**
 * A live connection of the browser's: its state can be read by a page, and it tries again at once when the network
 * or the reader comes back. Call `close` when the page goes.
 */
export class Live<Message> {
  #state = $state<LiveState>('connecting')
  #connection
  #reconnect = () => {
    if (!document.hidden) this.#connection.reconnect()
  }

  constructor({ path, ...options }: LiveOptions<Message>) {
    this.#connection = openLiveConnection({
      ...options,
      openSocket({ opened, message, closed }) {
        const socket = new WebSocket(new URL(path, location.href.replace(/^http/, 'ws')))
        socket.addEventListener('open', opened)
        socket.addEventListener('message', ({ data }) => typeof data === 'string' && message(data))
        socket.addEventListener('close', ({ code }) => closed(code === admitAnew))
        return { close: () => socket.close() }
      },
      onstate: (state) => (this.#state = state),
      after(ms, run) {
        const timer = setTimeout(run, ms)
        return () => clearTimeout(timer)
      },
    })
    window.addEventListener('online', this.#reconnect)
    document.addEventListener('visibilitychange', this.#reconnect)
  }

  get state(): LiveState {
    return this.#state
  }

  close(): void {
    window.removeEventListener('online', this.#reconnect)
    document.removeEventListener('visibilitychange', this.#reconnect)
    this.#connection.close()
  }
}
