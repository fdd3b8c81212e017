import type { Calendar } from '../../contract/calendar.ts'
import type { CalendarId } from '../../contract/id.ts'
import { appError } from '../../lib/app-error.ts'
import { requireCapability } from '../../tenancy/scope.ts'
import type { Context } from '../context.ts'

/**
 * Removes a calendar by which no live workflow waits; executions under way keep what they were given of it. Throws
 * `calendar.in_use` with how many do, and `calendar.is_default` while there are others to be the default instead.
 */
export async function deleteCalendar(
  { scope, calendars }: Pick<Context, 'scope' | 'calendars'>,
  id: CalendarId,
): Promise<Calendar> {
  requireCapability(scope, 'calendar.manage')
  const calendar = await calendars.find(id)
  if (calendar === undefined) throw appError('calendar.not_found')
  const workflows = await calendars.countUses(calendar)
  if (workflows > 0) throw appError('calendar.in_use', { details: { workflows } })
  if (await calendars.remove(id)) return calendar
  throw appError((await calendars.find(id)) === undefined ? 'calendar.not_found' : 'calendar.is_default')
}
