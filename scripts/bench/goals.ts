/** What the bench must reach. `atLeast` and `atMost` are of the figure itself. */
export interface Goal {
  figure: string
  what: string
  unit: string
  atLeast?: number
  atMost?: number
}

export const goals: readonly Goal[] = [
  { figure: 'ratios.syncPure', what: 'five pure steps, answered when finished', unit: '· ping', atLeast: 0.2 },
  { figure: 'ratios.ack', what: 'answered at once', unit: '· ping', atLeast: 0.18 },
  { figure: 'ratios.completed', what: 'completed and visible in the list', unit: '· ping', atLeast: 0.12 },
  {
    figure: 'ratios.object',
    what: 'a call to the outside, answered when finished',
    unit: '· bare object',
    atLeast: 0.7,
  },
  { figure: 'engineTransitions', what: 'steps of the engine alone', unit: '/s', atLeast: 300_000 },
  { figure: 'planCompileMs', what: '500 nodes made into a plan', unit: 'ms', atMost: 20 },
  { figure: 'startupMs', what: 'start of the Worker', unit: 'ms', atMost: 100 },
  { figure: 'webFirstLoadKb', what: 'JavaScript of the first load, compressed', unit: 'kB', atMost: 250 },
]

/** Whether a figure is as the goal wants it. */
export function isMet({ atLeast = -Infinity, atMost = Infinity }: Goal, value: number): boolean {
  return value >= atLeast && value <= atMost
}
