import type { NodeSettings } from '../../../worker/contract/graph.ts'
import type { JsonObject } from '../../../worker/contract/json.ts'
import type { Scope } from '../../../worker/engine/behaviour.ts'
import { call, type Sketch } from './draw.ts'

/** A call that can be undone, by what begins at its port `undo`. Without retries, unless settings say so. */
export function undoable(resolve: (scope: Scope) => JsonObject = () => ({}), settings: NodeSettings = {}): Sketch {
  return call({ retry: { maxRetries: 0 }, ...settings, undo: true }, resolve)
}

/** Where an error handler begins: gives what it is told. */
export function onFailure(): Sketch {
  return {
    behaviour: { kind: 'pure', evaluate: ({ failed }) => ({ output: failed ?? null, port: 'out' }) },
    isHandler: true,
  }
}
