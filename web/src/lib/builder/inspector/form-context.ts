import { createContext } from 'svelte'
import type { Completions } from '../expression/completions.ts'
import type { ControlKind } from './controls/control-props.ts'
import type { SampleRoot, SampleScope } from '../model/sample-scope.ts'

/** A field that can take data from the tree of earlier outputs. */
export interface InsertTarget {
  /** Puts in what an expression calls the data: `steps.score.total`, without braces. */
  insert(path: string): void
}

/** What the fields of a node's form share. */
export interface FormContext {
  readonly isReadOnly: boolean
  /** Sample data as expressions of this node see it. */
  readonly scope: SampleScope
  readonly roots: readonly SampleRoot[]
  /** The field that was used last, which the tree inserts into. */
  target: InsertTarget | undefined
  complete(expression: string): Completions | undefined
  /** Here, and not imported by the fields, because a control may itself be a form of fields. */
  controlKind(name: string): ControlKind
}

export const [getForm, setForm] = createContext<FormContext>()
