import type { CpuProfile } from './summarize.ts'

/** The inspector of one Worker. */
export interface Inspector {
  /** What code ran while `act` did. */
  profile(act: () => Promise<unknown>): Promise<CpuProfile>
  close(): void
}

const samplingUs = 200

/** Connects to the Worker of this name behind Miniflare's inspector. */
export async function connectInspector(inspectorUrl: string, workerName: string): Promise<Inspector> {
  const { host } = new URL(inspectorUrl)
  const list = await (await fetch(`http://${host}/json`)).json<{ webSocketDebuggerUrl: string }[]>()
  const found = list.find(({ webSocketDebuggerUrl }) => new URL(webSocketDebuggerUrl).pathname.endsWith(workerName))
  if (found === undefined) throw new Error(`No inspector for ${workerName} among ${JSON.stringify(list)}.`)
  const socket = new WebSocket(found.webSocketDebuggerUrl)
  await new Promise((resolve, reject) => {
    socket.addEventListener('open', resolve)
    socket.addEventListener('error', () => reject(new Error('The inspector refused the connection.')))
  })

  let calls = 0
  const waiting = new Map<number, (result: unknown) => void>()
  socket.addEventListener('message', ({ data }) => {
    const { id, result } = JSON.parse(String(data)) as { id?: number; result?: unknown }
    if (id === undefined) return
    waiting.get(id)?.(result)
    waiting.delete(id)
  })
  const call = (method: string, params: object = {}): Promise<unknown> =>
    new Promise((resolve) => {
      calls += 1
      waiting.set(calls, resolve)
      socket.send(JSON.stringify({ id: calls, method, params }))
    })

  await call('Profiler.enable')
  await call('Profiler.setSamplingInterval', { interval: samplingUs })
  return {
    async profile(act) {
      await call('Profiler.start')
      await act()
      const { profile } = (await call('Profiler.stop')) as { profile: CpuProfile }
      return profile
    },
    close: () => socket.close(),
  }
}
