import { createContext } from 'svelte'
import type { Json, JsonObject } from '#contract/json.ts'
import type { Completions } from '../expression/completions.ts'
import type { ControlKind } from './controls/control-props.ts'
import type { SampleRoot, SampleScope } from '../model/sample-scope.ts'

/** A field that can take data from the tree of earlier outputs. */
export interface InsertTarget {
  /** Puts in what an expression calls the data: `steps.score.total`, without braces. */
  insert(path: string): void
  /** What it can read besides the data of earlier steps: the item that it is read for. */
  roots?: readonly SampleRoot[]
}

/** What the fields of a node's form share. */
export interface FormContext {
  readonly isReadOnly: boolean
  /** The node was just added: what is still empty is not a mistake yet. */
  readonly isFresh?: boolean
  /** The params of the node, for fields of rows that depend on them. */
  readonly params: JsonObject
  /** Sample data as expressions of this node see it. */
  readonly scope: SampleScope
  readonly roots: readonly SampleRoot[]
  /** The field that was used last, which the tree inserts into. */
  target: InsertTarget | undefined
  /** `names` are those that the field can read besides. */
  complete(expression: string, names?: JsonObject): Completions | undefined
  /** What a param of the node gives with the sample data; undefined when that cannot be said. */
  sampleOf(param: string): Json | undefined
  /** Here, and not imported by the fields, because a control may itself be a form of fields. */
  controlKind(name: string): ControlKind
}

export const [getForm, setForm] = createContext<FormContext>()
