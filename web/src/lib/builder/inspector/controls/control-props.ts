import type { Component } from 'svelte'
import type { Json } from '#contract/json.ts'
import type { FormField } from '../form-fields.ts'

/** What every control is given. `onchange(undefined)` leaves the param out, which means its default. */
export interface ControlProps {
  field: FormField
  value: Json | undefined
  onchange: (value: Json | undefined) => void
  /** Ties the control to its label, hint and error: spread it over what takes the focus. */
  control: {
    id: string
    'aria-label': string
    'aria-describedby': string | undefined
    'aria-invalid': true | undefined
  }
}

/** A control as the form knows it. */
export interface ControlKind {
  component: Component<ControlProps>
  /**
   * Whether the control itself has a place for `{{ … }}`. One that has not can be switched to a field for an expression
   * as a whole.
   */
  holdsExpressions: boolean
  /** Whether it is several fields, so that its label names a group. */
  isGroup?: true
}
