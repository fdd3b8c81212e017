import { spawn } from 'node:child_process'
import { delimiter, dirname } from 'node:path'
import { root } from '../paths.ts'

export interface Outcome {
  isOk: boolean
  /** What the program printed, both streams as they came. Empty where it was shown as it came. */
  output: string
}

/** Runs a program of ours to its end, with what it prints kept or, with `show`, shown as it comes. */
export function runProgram(
  command: string,
  args: string[],
  { cwd = root, show = false, env = {} }: { cwd?: string; show?: boolean; env?: Record<string, string> } = {},
): Promise<Outcome> {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, {
      cwd,
      // Programs of npm packages start with whichever `node` comes first in the path: ours.
      env: { ...process.env, PATH: `${dirname(process.execPath)}${delimiter}${process.env.PATH ?? ''}`, ...env },
      stdio: show ? 'inherit' : ['ignore', 'pipe', 'pipe'],
    })
    let output = ''
    child.stdout?.on('data', (chunk: Buffer) => (output += chunk.toString()))
    child.stderr?.on('data', (chunk: Buffer) => (output += chunk.toString()))
    child.on('error', reject)
    child.on('close', (code) => resolve({ isOk: code === 0, output }))
  })
}
