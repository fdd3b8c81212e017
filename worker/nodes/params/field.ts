/**
 * Which form control draws a param. The builder knows one component per name; a name it does not know is drawn from
 * the JSON Schema alone, as text.
 */
export type Control =
  | 'text'
  | 'longText'
  | 'number'
  | 'switch'
  | 'select'
  /** Several of an enum: a list of strings. */
  | 'multiSelect'
  /** One expression, with or without `{{ }}` around it. */
  | 'expression'
  /** A path (`trigger.body.total`) picked from sample data, or an expression. */
  | 'field'
  /** A `ConditionGroup`. */
  | 'conditions'
  /** Any JSON; texts in it may hold expressions. */
  | 'json'
  /** An object from names to texts, edited as rows. */
  | 'keyValue'
  /** A list of `{ name, value }`, edited as rows. */
  | 'fields'
  /** A switch's cases. */
  | 'cases'
  /** A list of objects, each drawn by the fields of its entry; an entry with a `port` is a way out. */
  | 'rows'
  /** A span of time: `30 minutes`, `2h`, `P1D`. */
  | 'duration'
  /** An instant, picked or given by an expression. */
  | 'dateTime'
  | 'timeZone'
  /** A time of day: `09:00`. */
  | 'time'
  /** One of the organization's business calendars, by id; empty is the default one. */
  | 'calendar'
  /** One of the organization's workflows, by id. */
  | 'workflow'
  | 'eventType'

/** What a param's schema carries for the form: pass it to `.meta()`. It survives `z.toJSONSchema`. */
export interface FieldMeta {
  title: string
  /** One sentence under the field. */
  description?: string
  control: Control
  placeholder?: string
  /** Fields of one group are drawn together under this heading; fields without one come first. */
  group?: string
  /** Shown while another param (for a field of a row, of its row or of the node) has this value, or one of these. A hidden field's value is kept and still validated. */
  showWhen?: Record<string, string | boolean | readonly (string | boolean)[]>
  /** Words for the values of an enum. */
  labels?: Record<string, string>
  /** Whether `{{ … }}` may stand here. Absent means yes. */
  expressions?: false
  /**
   * Of a loop: read at the end of an iteration, as a step of the body would, or at the entry to one. Of a step that calls
   * another workflow: read when that has ended, as `child`. Of one that listens: read when an event comes, as `event`.
   */
  readIn?: 'iteration' | 'entry' | 'child' | 'event'
  /** Read once for each entry of the list (or field of the object) that another param gives, under these names. */
  each?: { of: string; names: readonly string[] }
  /** The node type says itself what is wrong when it is missing, so the form does not call it optional. */
  isNeeded?: true
  /** A text here that begins as a list or an object is JSON, and is read as that. Only of a param itself, not within one. */
  readsJsonText?: true
  /** How many lines the field has room for before it grows. */
  lines?: number
}

/** Identity that checks the spelling: `.meta(field({ … }))`. */
export function field(meta: FieldMeta): Record<string, unknown> & FieldMeta {
  return { ...meta }
}
