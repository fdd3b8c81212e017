import type { Calendar } from '../../contract/calendar.ts'
import type { CalendarId } from '../../contract/id.ts'
import { appError } from '../../lib/app-error.ts'
import { requireCapability } from '../../tenancy/scope.ts'
import type { Context } from '../context.ts'

/** Throws `calendar.not_found`. */
export async function getCalendar(
  { scope, calendars }: Pick<Context, 'scope' | 'calendars'>,
  id: CalendarId,
): Promise<Calendar> {
  requireCapability(scope, 'workflow.read')
  const calendar = await calendars.find(id)
  if (calendar === undefined) throw appError('calendar.not_found')
  return calendar
}
