import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { root } from '../paths.ts'

const file = join(root, 'dist/build.lock')

/** Runs one build at a time in this checkout: two would delete each other's products. Waits for the other one. */
export async function withBuildLock<T>(build: () => Promise<T>): Promise<T> {
  mkdirSync(join(root, 'dist'), { recursive: true })
  while (!take()) await sleep(100)
  try {
    return await build()
  } finally {
    rmSync(file, { force: true })
  }
}

function take(): boolean {
  try {
    writeFileSync(file, String(process.pid), { flag: 'wx' })
    return true
  } catch {
    if (isOwnerGone()) rmSync(file, { force: true })
    return false
  }
}

function isOwnerGone(): boolean {
  try {
    process.kill(Number(readFileSync(file, 'utf8')), 0)
    return false
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'ESRCH'
  }
}
