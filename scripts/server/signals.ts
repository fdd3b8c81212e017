const stopSignals = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const

/** Runs `create` without letting it listen to signals: Miniflare would end the process at the first one. */
export function withoutSignalHandlers<T>(create: () => T): T {
  const before = stopSignals.map((signal) => process.listeners(signal))
  const created = create()
  stopSignals.forEach((signal, at) => {
    for (const listener of process.listeners(signal)) {
      if (!before[at]?.includes(listener)) process.off(signal, listener)
    }
  })
  return created
}

/**
 * Ends this process, server first, on Ctrl-C, a signal, or the end of the process that started it. A signal often
 * comes twice, from the terminal and from npm, so a second one changes nothing; a stop that hangs is cut off.
 */
export function stopOnSignals(server: { stop(): Promise<void> }): void {
  let isStopping = false
  const stop = () => {
    if (isStopping) return
    isStopping = true
    setTimeout(() => process.exit(1), 5_000).unref()
    void server.stop().then(
      () => process.exit(0),
      () => process.exit(1),
    )
  }
  for (const signal of stopSignals) process.on(signal, stop)
  process.on('disconnect', stop)
}
