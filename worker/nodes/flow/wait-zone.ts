import type { Scope } from '../../engine/behaviour.ts'
import { isZone } from '../../calendar/zone-time.ts'
import { expressionScope } from '../params/expression-scope.ts'
import { valueAt } from '../../lib/value-at.ts'
import type { Surroundings } from '../surroundings.ts'

/**
 * The zone of the contact whom an execution is about: the live contact, or the one that its trigger brought along.
 * Undefined when there is none, or none whose zone is known.
 */
export function contactZone(scope: Scope): string | undefined {
  const { contact } = expressionScope(scope)
  const zones = [
    contact,
    valueAt(scope.trigger, ['contact']),
    valueAt(scope.trigger, ['data', 'contact']),
    valueAt(scope.trigger, ['body', 'contact']),
  ].flatMap((found) => [valueAt(found, ['timeZone']), valueAt(found, ['timezone'])])
  return zones.find((zone): zone is string => typeof zone === 'string' && isZone(zone))
}

/** The organization's zone is that of its default calendar, and UTC as long as it has none. */
export function organizationZone({ calendars: { default: id, calendars } }: Surroundings): string {
  return (id === null ? undefined : calendars[id]?.timeZone) ?? 'UTC'
}
