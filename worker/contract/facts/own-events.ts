import { approvalEventTypes } from './approval.ts'
import { loopEventTypes } from './cause.ts'
import { contactEventTypes } from './contact.ts'
import { enrolmentEventTypes } from './enrolment.ts'

/** Events that only Leat itself emits: whoever listens to these may rely on it that they happened. */
export const ownEventTypes: ReadonlySet<string> = new Set([
  ...contactEventTypes,
  ...approvalEventTypes,
  ...loopEventTypes,
  ...enrolmentEventTypes,
])
