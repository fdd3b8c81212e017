// A connection that stays: a socket while there is one, questions at intervals while there is none.
//
// 1. Every message is whole, so nothing needs repair after a gap; the last one holds.
// 2. While the socket is not open the data is asked for, at once and then every few seconds: a reader behind a proxy
//    that allows no sockets sees the same page, a little later. One that is to be opened anew is, at once and without a
//    word; only when that fails is there none.
// 3. It knows no browser: sockets, questions and timers are handed in, which is how it is tested.

export type LiveState = 'connecting' | 'live' | 'polling' | 'closed'

export interface SocketEvents {
  opened: () => void
  message: (text: string) => void
  /** Also when it could not be opened. `anew`: the server wants another one to be opened, and nothing is amiss. */
  closed: (anew?: boolean) => void
}

export interface LiveConnectionOptions<Message> {
  openSocket: (events: SocketEvents) => { close: () => void }
  /** A message's text as what it says; throws when it is not of this release, and the text is left alone. */
  parse: (text: string) => Message
  /** The same by asking. Failures are the caller's to show; here they only mean asking again. */
  ask: () => Promise<Message>
  onmessage: (message: Message) => void
  onstate: (state: LiveState) => void
  /** Runs something later; gives what calls it off. */
  after: (ms: number, run: () => void) => () => void
}

export interface LiveConnection {
  /** Tries the socket now instead of later. */
  reconnect: () => void
  /** Ends it for good. */
  close: () => void
}

const firstDelayMs = 500
const longestDelayMs = 15_000
const askEveryMs = 3_000

/** Starts at once. */
export function openLiveConnection<Message>(options: LiveConnectionOptions<Message>): LiveConnection {
  const { openSocket, parse, ask, onmessage, onstate, after } = options
  let socket: { close: () => void } | undefined
  let state: LiveState = 'connecting'
  let failures = 0
  let callOffRetry = () => {}
  let callOffPoll: (() => void) | undefined

  function move(next: LiveState) {
    state = next
    onstate(next)
  }

  function connect() {
    callOffRetry()
    const opened = openSocket({
      opened() {
        if (socket !== opened) return
        failures = 0
        callOffRetry()
        stopPolling()
        if (state !== 'live') move('live')
      },
      message(text) {
        if (socket === opened) take(text)
      },
      closed(anew = false) {
        if (socket !== opened) return
        socket = undefined
        if (anew && state === 'live') {
          connect()
          callOffRetry = after(askEveryMs, startPolling)
          return
        }
        callOffRetry()
        callOffRetry = after(Math.min(longestDelayMs, firstDelayMs * 2 ** failures), connect)
        failures += 1
        startPolling()
      },
    })
    socket = opened
  }

  function take(text: string) {
    let message: Message
    try {
      message = parse(text)
    } catch {
      return // a message of a newer release: what is asked for next is answered in full
    }
    onmessage(message)
  }

  function startPolling() {
    if (state !== 'polling') move('polling')
    if (callOffPoll === undefined) void poll()
  }

  async function poll() {
    let polling = true
    callOffPoll = () => (polling = false)
    try {
      const message = await ask()
      if (polling) onmessage(message)
    } catch {
      // The page shows why reading fails; the next try is due anyway.
    }
    if (polling) callOffPoll = after(askEveryMs, () => void poll())
  }

  function stopPolling() {
    callOffPoll?.()
    callOffPoll = undefined
  }

  onstate(state)
  connect()

  return {
    reconnect() {
      if (state === 'closed' || socket !== undefined) return
      failures = 0
      connect()
    },
    close() {
      if (state === 'closed') return
      callOffRetry()
      stopPolling()
      const open = socket
      socket = undefined
      open?.close()
      move('closed')
    },
  }
}
