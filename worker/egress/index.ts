export { createEgress, egressLimits, type Egress, type EgressOptions } from './create-egress.ts'
export { maskUrl } from './mask-url.ts'
