import type { Miniflare } from 'miniflare'

const everyMinute = '* * * * *'

/**
 * Fires the Worker's cron handler now and at each full minute: workerd alone has no cron. A tick that is still running
 * lets the next one pass. Returns how to stop.
 */
export function startCron(miniflare: Miniflare, onError: (error: unknown) => void): () => void {
  let isTicking = false
  let isStopped = false
  let timer: NodeJS.Timeout | undefined

  const tick = async () => {
    if (isTicking) return
    isTicking = true
    try {
      const worker = await miniflare.getWorker('leat')
      await worker.scheduled({ cron: everyMinute, scheduledTime: new Date() })
    } catch (error) {
      if (!isStopped) onError(error)
    } finally {
      isTicking = false
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
