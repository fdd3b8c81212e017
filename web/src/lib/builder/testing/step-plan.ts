import type { Json } from '#contract/json.ts'
import type { TestRequest } from '#contract/workflow-test.ts'

/** What a step is to do in tests. Steps without a plan pretend, with the example of their type. */
export type StepPlan =
  /** Gives this output, as text: it may be half typed. */
  | { mode: 'given'; text: string }
  /** Fails so often and then succeeds; always when there is no figure. */
  | { mode: 'fails'; times?: number | undefined }
  /** Its call is really made. */
  | { mode: 'real' }

export type StepPlans = Readonly<Record<string, StepPlan>>

type Planned = Required<Pick<TestRequest, 'steps' | 'realSteps'>>

/** The plans of these nodes as a request has them; or the node whose output is no JSON yet. */
export function toRequest(plans: StepPlans, nodeIds: readonly string[]): Planned | { unreadable: string } {
  const steps: NonNullable<TestRequest['steps']> = {}
  const realSteps: string[] = []
  for (const id of nodeIds) {
    const plan = Object.hasOwn(plans, id) ? plans[id] : undefined
    if (plan === undefined) continue
    if (plan.mode === 'real') realSteps.push(id)
    else if (plan.mode === 'fails') {
      steps[id] = { failure: passing, ...(plan.times !== undefined && { failTimes: plan.times }) }
    } else {
      const output = readOutput(plan.text)
      if (output === undefined) return { unreadable: id }
      steps[id] = { output }
    }
  }
  return { steps, realSteps }
}

/** A pinned output's text as what it says; undefined when it is no JSON. */
export function readOutput(text: string): Json | undefined {
  try {
    return JSON.parse(text) as Json
  } catch {
    return undefined
  }
}

const passing = {
  kind: 'retryable' as const,
  code: 'test.failure',
  message: 'Fails because the test says so.',
}

/** Plans as text to be kept. What is really called is not among them: that is decided anew at each visit. */
export function writePlans(plans: StepPlans): string {
  return JSON.stringify(Object.fromEntries(Object.entries(plans).filter(([, { mode }]) => mode !== 'real')))
}

/** Plans that were kept; none when the text is not one of ours. */
export function readPlans(text: string | undefined): StepPlans {
  const kept = text === undefined ? undefined : readOutput(text)
  if (typeof kept !== 'object' || kept === null || Array.isArray(kept)) return {}
  return Object.fromEntries(
    Object.entries(kept).flatMap(([id, plan]): [string, StepPlan][] => {
      if (typeof plan !== 'object' || plan === null || Array.isArray(plan)) return []
      const { mode, text: given, times } = plan
      if (mode === 'given' && typeof given === 'string') return [[id, { mode, text: given }]]
      if (mode === 'fails') return [[id, { mode, ...(typeof times === 'number' && { times }) }]]
      return []
    }),
  )
}
