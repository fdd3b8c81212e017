import type { GateKind } from '../contract/concurrency.ts'
import { workflowGates } from '../contract/facts/concurrency.ts'
import type { Failure } from '../contract/failure.ts'
import type { Graph } from '../contract/graph.ts'
import type { Json } from '../contract/json.ts'
import type { GateRef } from '../engine/event.ts'
import { compileTemplate, ExpressionError, type Template } from '../expressions/index.ts'
import { sha256Hex } from '../lib/digest.ts'

/** The gates of a version, their keys compiled. */
export type Gates = readonly { gate: GateKind; key: Template | null }[]

/** Characters of a key that are shown; a longer one is known by its hash. */
const maxShown = 200

/** Undefined for a version that has none: its executions begin without asking anybody. */
export function gatesOf({ settings }: Pick<Graph, 'settings'>): Gates | undefined {
  if (settings === undefined) return undefined
  const gates = workflowGates.flatMap((gate) => {
    const given = settings[gate]
    return given === undefined ? [] : [{ gate, key: given.key === undefined ? null : compileTemplate(given.key) }]
  })
  return gates.length === 0 ? undefined : gates
}

/**
 * Which gates an event has to pass. A key that cannot be computed keeps it out: among others it might take the place of
 * one it has nothing to do with. `now` is epoch ms.
 */
export function gatesFor(gates: Gates, trigger: Json, now: number): { refs: GateRef[]; failure?: Failure } {
  const refs: GateRef[] = []
  for (const { gate, key } of gates) {
    try {
      refs.push({ gate, key: key === null ? null : textOf(key.evaluate({ trigger, now })) })
    } catch (error) {
      if (!(error instanceof ExpressionError)) throw error
      const message = `The key of its ${gate} cannot be computed: ${error.message}`
      return { refs: [{ gate, key: null }], failure: { kind: 'terminal', code: `${gate}.key_invalid`, message } }
    }
  }
  return { refs }
}

function textOf(value: Json): string {
  const text = value === null ? '' : typeof value === 'string' ? value : JSON.stringify(value)
  return text.length <= maxShown ? text : `sha256:${sha256Hex(text)}`
}
