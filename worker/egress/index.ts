export { createEgress, egressLimits, type Egress, type EgressOptions, type TellSent } from './create-egress.ts'
export { maskUrl } from './mask-url.ts'
export { fetchesOf } from './networks.ts'
