import type { Outcome } from '../build/run-program.ts'

/** One thing that `npm run check` or `npm test` does. */
export interface Step {
  title: string
  run(): Promise<Outcome>
}
