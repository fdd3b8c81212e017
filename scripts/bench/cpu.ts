import { readFileSync } from 'node:fs'
import { setTimeout as sleep } from 'node:timers/promises'

const msPerTick = 10

/** CPU time a process has used so far, in ms; null where the system does not say (only Linux does). */
export function cpuMsOf(pid: number | undefined): number | null {
  if (pid === undefined || process.platform !== 'linux') return null
  const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1]?.split(' ') ?? []
  return (Number(fields[11]) + Number(fields[12])) * msPerTick
}

const intervalMs = 250
/** A server that waits for its alarms is not quite still. */
const quietMs = 20
const longestMs = 20_000

/** Resolves when the process has done what was left to do: when it has been quiet for half a second. */
export async function settled(pid: number | undefined): Promise<void> {
  let before = cpuMsOf(pid)
  if (before === null) {
    // Nothing tells when a server elsewhere is done.
    await sleep(1_000)
    return
  }
  let quiet = 0
  for (let waited = 0; quiet < 2 && waited < longestMs; waited += intervalMs) {
    await sleep(intervalMs)
    const now = cpuMsOf(pid) ?? 0
    quiet = now - before <= quietMs ? quiet + 1 : 0
    before = now
  }
}
