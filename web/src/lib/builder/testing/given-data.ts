import type { GivenData } from '../model/sample-scope.ts'
import { type Payloads, triggerFrom } from './payloads.svelte.ts'
import { readOutput } from './step-plan.ts'
import type { TestSetup } from './test-setup.svelte.ts'

/** What the person set up for tests, as samples: text that is half typed is passed over. */
export function givenData(payloads: Payloads, testSetup: TestSetup): GivenData {
  return {
    triggerOf(node) {
      const text = payloads.kept(node.id)
      const input = text === undefined ? undefined : readOutput(text)
      return input === undefined ? undefined : triggerFrom(node, input)
    },
    outputOf(nodeId) {
      const plan = testSetup.planOf(nodeId)
      return plan?.mode === 'given' ? readOutput(plan.text) : undefined
    },
  }
}
