import type { Simulation } from '#contract/simulate.ts'
import type { Tone } from '#lib/ui/tone.ts'

/** How executions ended, as the parts of a bar: those that there are. */
export function outcomeBars({ outcomes }: Simulation): { tone: Tone; label: string; count: number }[] {
  const { completed, completedWithErrors, failed, cancelled, timedOut, underWay } = outcomes
  return (
    [
      { tone: 'ok', label: 'completed', count: completed },
      { tone: 'waiting', label: 'completed with errors', count: completedWithErrors },
      { tone: 'failed', label: 'failed', count: failed + timedOut },
      { tone: 'neutral', label: 'cancelled', count: cancelled },
      { tone: 'running', label: 'still under way', count: underWay },
    ] satisfies { tone: Tone; label: string; count: number }[]
  ).filter(({ count }) => count > 0)
}
