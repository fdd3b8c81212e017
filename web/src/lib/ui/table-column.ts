/** A column of a table. `width` is CSS; without it columns share what is left. */
export interface TableColumn {
  id: string
  label: string
  width?: string
  align?: 'end'
}
