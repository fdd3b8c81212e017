import type { ParamProblem } from '../define.ts'

/** An error for each entry of `param` whose way out another entry before it has already. */
export function repeatedPorts(entries: readonly { port: string }[], param: string): ParamProblem[] {
  return entries.flatMap(({ port }, index) => {
    if (entries.findIndex((other) => other.port === port) === index) return []
    const message = `Two ways out have the key “${port}”, so no edge could tell them apart.`
    return [{ severity: 'error', code: 'port.duplicate', message, path: [param, index, 'port'] }]
  })
}
