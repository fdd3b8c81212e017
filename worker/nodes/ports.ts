import type { Port } from '../contract/node-type.ts'

/** The way out of a node that has only one. */
export const out: Port = { name: 'out', label: 'Next' }
