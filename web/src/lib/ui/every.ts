/**
 * Does something again and again while the page is in sight, and at once when it comes back into sight. The next time
 * counts from the end of the last. Gives what stops it.
 */
export function every(ms: number, run: () => Promise<void>): () => void {
  let stopped = false
  let timer: ReturnType<typeof setTimeout> | undefined

  async function turn() {
    clearTimeout(timer)
    if (document.hidden) return
    await run()
    if (!stopped) timer = setTimeout(() => void turn(), ms)
  }
  const onvisible = () => void turn()

  timer = setTimeout(() => void turn(), ms)
  document.addEventListener('visibilitychange', onvisible)
  return () => {
    stopped = true
    clearTimeout(timer)
    document.removeEventListener('visibilitychange', onvisible)
  }
}
