import type { Miniflare } from 'miniflare'

const everyMinute = '* * * * *'
/** A tick that takes longer, in ms, is not waited for any more: the next ones must not stop because of it. */
const patienceMs = 300_000

/**
 * Fires the Worker's cron handler now and at each full minute: workerd alone has no cron. While a tick is running
 * the next ones are left out, for as long as it takes no longer than it should. Returns how to stop.
 */
export function startCron(miniflare: Pick<Miniflare, 'getWorker'>, onError: (error: unknown) => void): () => void {
  /** The tick that is waited for, and since when in epoch ms. */
  let running: { since: number } | undefined
  let isStopped = false
  let timer: NodeJS.Timeout | undefined

  const tick = async () => {
    if (running !== undefined && Date.now() - running.since < patienceMs) return
    const own = { since: Date.now() }
    running = own
    try {
      const worker = await miniflare.getWorker('leat')
      await worker.scheduled({ cron: everyMinute, scheduledTime: new Date() })
    } catch (error) {
      if (!isStopped) onError(error)
    } finally {
      if (running === own) running = undefined
    }
  }
  const schedule = () => {
    timer = setTimeout(
      () => {
        schedule()
        void tick()
      },
      60_000 - (Date.now() % 60_000),
    )
  }

  void tick()
  schedule()
  return () => {
    isStopped = true
    clearTimeout(timer)
  }
}
