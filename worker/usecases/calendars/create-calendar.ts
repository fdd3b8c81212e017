import type { Calendar, CreateCalendarRequest } from '../../contract/calendar.ts'
import { appError } from '../../lib/app-error.ts'
import { newId } from '../../lib/id.ts'
import { requireCapability } from '../../tenancy/scope.ts'
import type { Context } from '../context.ts'

/** Adds a calendar; an organization's first is its default. Throws `calendar.too_many`. */
export async function createCalendar(
  { scope, calendars, now }: Pick<Context, 'scope' | 'calendars' | 'now'>,
  { name, isDefault, ...rules }: CreateCalendarRequest,
): Promise<Calendar> {
  requireCapability(scope, 'calendar.manage')
  const at = now()
  const calendar = await calendars.create({ id: newId('calendar', at.getTime()), name, rules, isDefault, at })
  if (calendar === undefined) throw appError('calendar.too_many')
  return calendar
}
