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
