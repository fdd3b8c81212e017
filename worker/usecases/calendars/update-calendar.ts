import type { Calendar, UpdateCalendarRequest } from '../../contract/calendar.ts'
import type { CalendarId } from '../../contract/id.ts'
import { appError } from '../../lib/app-error.ts'
import { requireCapability } from '../../tenancy/scope.ts'
import type { Context } from '../context.ts'

/**
 * Changes a calendar that was edited from `revision`; what is left out stays. Executions that begin from now on go by
 * it. Throws `calendar.not_found`, and `calendar.conflict` with the present revision when somebody else was faster.
 */
export async function updateCalendar(
  { scope, calendars, now }: Pick<Context, 'scope' | 'calendars' | 'now'>,
  id: CalendarId,
  revision: number,
  changes: UpdateCalendarRequest,
): Promise<Calendar> {
  requireCapability(scope, 'calendar.manage')
  const present = await calendars.find(id)
  if (present === undefined) throw appError('calendar.not_found')
  const {
    name = present.name,
    timeZone = present.timeZone,
    weekly = present.weekly,
    exceptions = present.exceptions,
    isDefault = present.isDefault,
  } = changes
  const next = { name, rules: { timeZone, weekly, exceptions }, isDefault }
  const updated = await calendars.update(id, revision, next, now())
  if (updated !== undefined) return updated
  const faster = await calendars.find(id)
  if (faster === undefined) throw appError('calendar.not_found')
  throw appError('calendar.conflict', { details: { revision: faster.revision } })
}
