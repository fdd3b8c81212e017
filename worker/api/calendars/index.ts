import { createCalendar } from '../../usecases/calendars/create-calendar.ts'
import { deleteCalendar } from '../../usecases/calendars/delete-calendar.ts'
import { getCalendar } from '../../usecases/calendars/get-calendar.ts'
import { listCalendars } from '../../usecases/calendars/list-calendars.ts'
import { updateCalendar } from '../../usecases/calendars/update-calendar.ts'
import { createApi } from '../create-api.ts'
import { answer } from '../envelope.ts'
import { etagOf, requireRevision } from '../headers.ts'
import * as routes from './routes.ts'

export const calendarsApi = createApi()
  .openapi(routes.listCalendarsRoute, async (c) => answer(c, { items: await listCalendars(c.var.context) }, 200))
  .openapi(routes.createCalendarRoute, async (c) => {
    const calendar = await createCalendar(c.var.context, c.req.valid('json'))
    c.header('ETag', etagOf(calendar))
    return answer(c, calendar, 201)
  })
  .openapi(routes.getCalendarRoute, async (c) => {
    const calendar = await getCalendar(c.var.context, c.req.valid('param').calendarId)
    c.header('ETag', etagOf(calendar))
    return answer(c, calendar, 200)
  })
  .openapi(routes.updateCalendarRoute, async (c) => {
    const revision = requireRevision(c.req.valid('header')['if-match'])
    const { calendarId } = c.req.valid('param')
    const calendar = await updateCalendar(c.var.context, calendarId, revision, c.req.valid('json'))
    c.header('ETag', etagOf(calendar))
    return answer(c, calendar, 200)
  })
  .openapi(routes.deleteCalendarRoute, async (c) => {
    return answer(c, await deleteCalendar(c.var.context, c.req.valid('param').calendarId), 200)
  })
