/** One of the options of a `Combobox`. */
export interface ComboboxOption {
  value: string
  label: string
  /** A second, quieter line. */
  detail?: string | undefined
}
