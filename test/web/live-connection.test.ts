import { expect, test } from 'vitest'
import { type LiveState, openLiveConnection, type SocketEvents } from '#lib/api/live-connection.ts'

/** A browser that can be moved by hand: sockets that open when told to, time that passes when told to. */
function makeWorld() {
  const sockets: (SocketEvents & { isClosed: boolean })[] = []
  const states: LiveState[] = []
  const messages: unknown[] = []
  const timers: { at: number; run: () => void }[] = []
  let now = 0
  let asked = 0
  let answer: () => Promise<unknown> = () => Promise.resolve('asked')

  const connection = openLiveConnection<unknown>({
    openSocket(events) {
      const socket = { ...events, isClosed: false }
      sockets.push(socket)
      return { close: () => void (socket.isClosed = true) }
    },
    parse: (text) => JSON.parse(text),
    ask() {
      asked += 1
      return answer()
    },
    onmessage: (message) => messages.push(message),
    onstate: (state) => states.push(state),
    after(ms, run) {
      const timer = { at: now + ms, run }
      timers.push(timer)
      return () => void timers.splice(0, timers.length, ...timers.filter((other) => other !== timer))
    },
  })

  return {
    connection,
    sockets,
    states,
    messages,
    timers,
    asked: () => asked,
    answerWith: (next: typeof answer) => (answer = next),
    last: () => sockets.at(-1)!,
    async pass(ms: number) {
      const until = now + ms
      for (;;) {
        await settle()
        const due = timers.filter((timer) => timer.at <= until).sort((a, b) => a.at - b.at)[0]
        if (due === undefined) break
        now = due.at
        timers.splice(timers.indexOf(due), 1)
        due.run()
      }
      now = until
      await settle()
    },
  }
}

async function settle() {
  for (let turn = 0; turn < 10; turn++) await Promise.resolve()
}

test('is live as soon as the socket is open, and hands on what it says', async () => {
  const world = makeWorld()
  world.last().opened()
  world.last().message('{"n":1}')

  expect(world.states).toEqual(['connecting', 'live'])
  expect(world.messages).toEqual([{ n: 1 }])
  expect(world.asked()).toBe(0)
})

test('asks at once and then every three seconds while there is no socket', async () => {
  const world = makeWorld()
  world.last().closed()
  await world.pass(6_100)

  expect(world.states).toEqual(['connecting', 'polling'])
  expect(world.asked()).toBe(3)
  expect(world.messages).toEqual(['asked', 'asked', 'asked'])
})

test('waits longer each time before it tries the socket again, at most fifteen seconds', async () => {
  const world = makeWorld()
  const opened: number[] = []
  let now = 0
  for (let seconds = 0; seconds < 80; seconds += 0.25) {
    if (world.sockets.length > opened.length) {
      opened.push(now)
      world.last().closed()
    }
    await world.pass(250)
    now += 250
  }

  const gaps = opened.slice(1).map((at, index) => at - opened[index]!)
  expect(gaps.slice(0, 7)).toEqual([500, 1_000, 2_000, 4_000, 8_000, 15_000, 15_000])
})

test('stops asking once the socket is open again, and starts over with short waits', async () => {
  const world = makeWorld()
  world.last().closed()
  await world.pass(500)
  world.last().opened()
  const asked = world.asked()
  await world.pass(30_000)

  expect(world.states).toEqual(['connecting', 'polling', 'live'])
  expect(world.asked()).toBe(asked)
  world.last().closed()
  const before = world.sockets.length
  await world.pass(500)
  expect(world.sockets.length).toBe(before + 1)
})

test('a socket that is to be opened anew is, at once, and nobody notices', async () => {
  const world = makeWorld()
  world.last().opened()
  world.last().closed(true)
  expect(world.sockets.length).toBe(2)
  world.last().opened()
  world.last().message('"whole"')

  await world.pass(10_000)

  expect([world.states, world.messages, world.asked()]).toEqual([['connecting', 'live'], ['whole'], 0])
})

test('one that hangs half open when it is to be opened anew is asked for in the meantime', async () => {
  const world = makeWorld()
  world.last().opened()
  world.last().closed(true)
  await world.pass(9_100)
  expect([world.states, world.asked()]).toEqual([['connecting', 'live', 'polling'], 3])
  world.last().opened()
  await world.pass(9_000)
  expect([world.states.at(-1), world.asked(), world.sockets.length]).toEqual(['live', 3, 2])
})

test('one that may not be opened anew is none: what is asked for says why', async () => {
  const world = makeWorld()
  world.last().opened()
  world.last().closed(true)
  world.last().closed()
  await world.pass(100)

  expect([world.states, world.asked()]).toEqual([['connecting', 'live', 'polling'], 1])
  // Told so once more before it has opened, it waits like any other that could not be opened.
  await world.pass(400)
  world.last().closed(true)
  expect(world.sockets.length).toBe(3)
})

test('goes on asking while a new socket hangs half open', async () => {
  const world = makeWorld()
  world.last().closed()
  await world.pass(500)
  const asked = world.asked()
  await world.pass(9_000)

  expect(world.sockets.length).toBe(2)
  expect(world.asked()).toBe(asked + 3)
})

test('an answer that comes after the socket has opened is left alone: the socket knows better', async () => {
  const world = makeWorld()
  let answerLate: (value: string) => void = () => {}
  world.answerWith(() => new Promise((resolve) => (answerLate = resolve)))
  world.last().closed()
  await world.pass(500)
  world.last().opened()
  world.last().message('"new"')
  answerLate('old')
  await world.pass(10_000)

  expect(world.messages).toEqual(['new'])
})

test('a question that fails is asked again', async () => {
  const world = makeWorld()
  world.answerWith(() => Promise.reject(new Error('down')))
  world.last().closed()
  await world.pass(3_100)
  world.answerWith(() => Promise.resolve('up'))
  await world.pass(3_000)

  expect(world.messages).toEqual(['up'])
})

test('a message it cannot read is left alone', () => {
  const world = makeWorld()
  world.last().opened()
  world.last().message('{not json')
  world.last().message('"readable"')

  expect(world.messages).toEqual(['readable'])
})

test('reconnects at once when told that the network is back', async () => {
  const world = makeWorld()
  world.last().closed()
  await world.pass(100)
  world.connection.reconnect()
  expect(world.sockets.length).toBe(2)
  world.connection.reconnect()
  expect(world.sockets.length).toBe(2)
})

test('after close nothing is asked, opened or said any more', async () => {
  const world = makeWorld()
  world.last().opened()
  world.connection.close()
  world.last().message('"late"')
  world.last().closed()
  world.connection.reconnect()
  await world.pass(60_000)

  expect(world.last().isClosed).toBe(true)
  expect(world.sockets.length).toBe(1)
  expect(world.timers).toEqual([])
  expect(world.messages).toEqual([])
  expect(world.states).toEqual(['connecting', 'live', 'closed'])
})
