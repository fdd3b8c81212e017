/** `RUNS=20 npx vitest run test/engine` looks twenty times as long. */
export const scale = Number(process.env['RUNS'] ?? 1)

export function runs(numRuns: number): { numRuns: number } {
  return { numRuns: numRuns * scale }
}
