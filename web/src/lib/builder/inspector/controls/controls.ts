import type { ControlName } from '../control-names.ts'
import CalendarControl from './CalendarControl.svelte'
import CasesControl from './CasesControl.svelte'
import ConditionsControl from './ConditionsControl.svelte'
import type { ControlKind } from './control-props.ts'
import DateTimeControl from './DateTimeControl.svelte'
import DurationControl from './DurationControl.svelte'
import ExpressionControl from './ExpressionControl.svelte'
import FieldsControl from './FieldsControl.svelte'
import JsonControl from './JsonControl.svelte'
import KeyValueControl from './KeyValueControl.svelte'
import LongTextControl from './LongTextControl.svelte'
import MultiSelectControl from './MultiSelectControl.svelte'
import NumberControl from './NumberControl.svelte'
import PathControl from './PathControl.svelte'
import RowsControl from './RowsControl.svelte'
import SelectControl from './SelectControl.svelte'
import SwitchControl from './SwitchControl.svelte'
import TextControl from './TextControl.svelte'
import TimeControl from './TimeControl.svelte'
import TimeZoneControl from './TimeZoneControl.svelte'
import WorkflowControl from './WorkflowControl.svelte'

/** A control for each name. Adding one is one component, and one line here and in `control-names.ts`. */
const controls: Readonly<Record<ControlName, ControlKind>> = {
  text: { component: TextControl, holdsExpressions: true },
  longText: { component: LongTextControl, holdsExpressions: true },
  number: { component: NumberControl, holdsExpressions: false },
  switch: { component: SwitchControl, holdsExpressions: false },
  select: { component: SelectControl, holdsExpressions: false },
  multiSelect: { component: MultiSelectControl, holdsExpressions: false, isGroup: true },
  expression: { component: ExpressionControl, holdsExpressions: true },
  field: { component: PathControl, holdsExpressions: true },
  conditions: { component: ConditionsControl, holdsExpressions: true, isGroup: true },
  json: { component: JsonControl, holdsExpressions: true },
  keyValue: { component: KeyValueControl, holdsExpressions: true, isGroup: true },
  fields: { component: FieldsControl, holdsExpressions: true, isGroup: true },
  rows: { component: RowsControl, holdsExpressions: true, isGroup: true },
  cases: { component: CasesControl, holdsExpressions: true, isGroup: true },
  duration: { component: DurationControl, holdsExpressions: false },
  dateTime: { component: DateTimeControl, holdsExpressions: false },
  timeZone: { component: TimeZoneControl, holdsExpressions: false },
  time: { component: TimeControl, holdsExpressions: false },
  calendar: { component: CalendarControl, holdsExpressions: false },
  workflow: { component: WorkflowControl, holdsExpressions: false },
  eventType: { component: TextControl, holdsExpressions: true },
}

/** By any name, also one that a newer server asks for. */
const byName: Readonly<Record<string, ControlKind | undefined>> = controls

const anything: ControlKind = { component: JsonControl, holdsExpressions: true }

/** The control of this name; one for any JSON where a newer server names one this release has not. */
export function controlKind(name: string): ControlKind {
  return (Object.hasOwn(controls, name) ? byName[name] : undefined) ?? anything
}
