// judge duplicates
//
//   I2. Every delivery of one event is answered with the same executions, whoever delivered it, and when.
//
// Pure; `test/prove/storms.test.ts` shows that it sees.

import type { Acknowledgement } from '../kill/evidence.ts'
import type { StormViolation } from '../storm/prove-storm.ts'

/** Events whose deliveries were answered in two ways. */
export function judgeDuplicates(acknowledged: readonly Acknowledgement[]): StormViolation[] {
  const violations: StormViolation[] = []
  for (const [event, answers] of Map.groupBy(acknowledged, (answer) => answer.event)) {
    const told = new Set(answers.map(({ executionIds }) => executionIds.toSorted().join(' ')))
    if (told.size > 1) violations.push({ oracle: 'I2', event, what: `was answered with ${[...told].join(', then ')}` })
  }
  return violations
}
