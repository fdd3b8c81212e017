import type { Json } from '../../contract/json.ts'
import type { Scope } from '../../engine/behaviour.ts'
import { isZone } from '../../calendar/zone-time.ts'
import { expressionScope } from '../params/expression-scope.ts'
import type { Surroundings } from '../surroundings.ts'

/**
 * The zone of the contact whom an execution is about: the live contact, or the one that its trigger brought along.
 * Undefined when there is none, or none whose zone is known.
 */
export function contactZone(scope: Scope): string | undefined {
  const { contact } = expressionScope(scope)
  const zones = [
    contact,
    at(scope.trigger, 'contact'),
    at(scope.trigger, 'data', 'contact'),
    at(scope.trigger, 'body', 'contact'),
  ].flatMap((found) => [at(found, 'timeZone'), at(found, 'timezone')])
  return zones.find((zone): zone is string => typeof zone === 'string' && isZone(zone))
}

/** The organization's zone is that of its default calendar, and UTC as long as it has none. */
export function organizationZone({ calendars: { default: id, calendars } }: Surroundings): string {
  return (id === null ? undefined : calendars[id]?.timeZone) ?? 'UTC'
}

function at(value: unknown, ...keys: string[]): Json | undefined {
  let found = value
  for (const key of keys) {
    if (typeof found !== 'object' || found === null || !Object.hasOwn(found, key)) return undefined
    found = (found as Record<string, unknown>)[key]
  }
  return found as Json | undefined
}
