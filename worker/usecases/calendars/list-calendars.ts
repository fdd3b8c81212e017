import type { Calendar } from '../../contract/calendar.ts'
import { requireCapability } from '../../tenancy/scope.ts'
import type { Context } from '../context.ts'

/** The organization's business calendars, by name. Whoever may read workflows may read when they go on. */
export async function listCalendars({ scope, calendars }: Pick<Context, 'scope' | 'calendars'>): Promise<Calendar[]> {
  requireCapability(scope, 'workflow.read')
  return calendars.list()
}
