import { readFileSync } from 'node:fs'
import { setTimeout as sleep } from 'node:timers/promises'

const msPerTick = 10

/** CPU time these processes have used so far together, in ms; null where the system does not say (only Linux does). */
export function cpuMsOf(pids: readonly number[] | undefined): number | null {
  if (pids === undefined || process.platform !== 'linux') return null
  return pids.reduce((sum, pid) => {
    const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1]?.split(' ') ?? []
    return sum + (Number(fields[11]) + Number(fields[12])) * msPerTick
  }, 0)
}

const intervalMs = 250
/** A server that waits for its alarms is not quite still. */
const quietMs = 20
const longestMs = 20_000

/** Resolves when the processes have done what was left to do: when they have been quiet for half a second. */
export async function settled(pids: readonly number[] | undefined): Promise<void> {
  let before = cpuMsOf(pids)
  if (before === null) {
    // Nothing tells when a server elsewhere is done.
    await sleep(1_000)
    return
  }
  let quiet = 0
  for (let waited = 0; quiet < 2 && waited < longestMs; waited += intervalMs) {
    await sleep(intervalMs)
    const now = cpuMsOf(pids) ?? 0
    quiet = now - before <= quietMs ? quiet + 1 : 0
    before = now
  }
}
