/** Limits of what a workflow says about how many of its executions go on. Lengths of time in ms. */
export const gateLimits = {
  /** Of one key: executions that go on at a time, that wait, and that may start within a throttle's time. */
  running: 1_000,
  waiting: 1_000,
  starts: 1_000,
  keyLength: 1_000,
  leastMs: 1_000,
  mostMs: 7 * 86_400_000,
} as const

/** What a workflow may have its executions pass before anything of them begins, in this order. */
export const workflowGates = ['debounce', 'throttle', 'concurrency'] as const

/** What comes after: places that all workflows of an organization share, and all organizations of an installation. */
export const sharedGates = ['organization', 'installation'] as const

/** Every kind of gate, in the order in which an execution passes them. */
export const gateKinds = [...workflowGates, ...sharedGates] as const
