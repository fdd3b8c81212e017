import type { JsonObject } from '#contract/json.ts'
import { readLoose, writeLoose } from '../expression/loose-json.ts'
import { writeRows } from '../inspector/controls/key-value-rows.ts'

/** A variable as it is being typed. Neither name nor value need be complete: `{"a` is on the way to an object. */
export interface VariableRow {
  name: string
  /** The first value as it was typed; what it means is for `readVariables` to say. */
  text: string
}

const soundName = /^[a-zA-Z_][a-zA-Z0-9_]{0,39}$/

/** Whether a workflow may have a variable of this name. Spaces around it are not part of it. */
export function isVariableName(name: string): boolean {
  return soundName.test(name.trim())
}

/** The variables that the rows stand for. Rows without a sound name stand for none. */
export function readVariables(rows: readonly VariableRow[]): JsonObject {
  const sound = rows.filter(({ name }) => isVariableName(name))
  return writeRows(sound.map(({ name, text }) => ({ key: name, value: readLoose(text) })))
}

/**
 * The rows that show these variables. Rows that stand for them already stay as they were typed; others are written
 * anew, because the change came from elsewhere.
 */
export function followVariables(rows: readonly VariableRow[], variables: JsonObject): readonly VariableRow[] {
  if (JSON.stringify(readVariables(rows)) === JSON.stringify(variables)) return rows
  return Object.entries(variables).map(([name, value]) => ({ name, text: writeLoose(value) }))
}
