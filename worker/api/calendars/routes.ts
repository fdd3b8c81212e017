import { createRoute } from '@hono/zod-openapi'
import { z } from 'zod'
import { Calendar, CreateCalendarRequest, UpdateCalendarRequest } from '../../contract/calendar.ts'
import { page } from '../../contract/error.ts'
import { CalendarId } from '../../contract/id.ts'
import { NeededIfMatch } from '../headers.ts'
import { errors, json, jsonBody } from '../respond.ts'

const tags = ['Calendars']
const params = z.strictObject({ calendarId: CalendarId })
const etag = { headers: z.object({ ETag: z.string().meta({ description: 'The revision of the calendar.' }) }) }

export const listCalendarsRoute = createRoute({
  operationId: 'listCalendars',
  method: 'get',
  path: '/calendars',
  tags,
  summary: 'List business calendars',
  description: 'All of the organization’s: when it is open, and its holidays.',
  responses: { 200: json(page(Calendar), 'The calendars, by name.'), ...errors() },
})

export const createCalendarRoute = createRoute({
  operationId: 'createCalendar',
  method: 'post',
  path: '/calendars',
  tags,
  summary: 'Create a business calendar',
  description: 'Weekly hours in a time zone, and the days that are otherwise. The first one is the default.',
  request: { body: jsonBody(CreateCalendarRequest) },
  responses: { 201: { ...json(Calendar, 'The new calendar.'), ...etag }, ...errors('calendar.too_many') },
})

export const getCalendarRoute = createRoute({
  operationId: 'getCalendar',
  method: 'get',
  path: '/calendars/{calendarId}',
  tags,
  summary: 'Read a business calendar',
  request: { params },
  responses: { 200: { ...json(Calendar, 'The calendar.'), ...etag }, ...errors('calendar.not_found') },
})

export const updateCalendarRoute = createRoute({
  operationId: 'changeCalendar',
  method: 'patch',
  path: '/calendars/{calendarId}',
  tags,
  summary: 'Change a business calendar',
  description:
    'What is left out stays. Executions that begin from then on go by it; those under way keep what they had.',
  request: { params, headers: NeededIfMatch, body: jsonBody(UpdateCalendarRequest) },
  responses: {
    200: { ...json(Calendar, 'The calendar as it was saved.'), ...etag },
    ...errors('calendar.not_found', 'calendar.conflict', 'request.precondition_required'),
  },
})

export const deleteCalendarRoute = createRoute({
  operationId: 'deleteCalendar',
  method: 'delete',
  path: '/calendars/{calendarId}',
  tags,
  summary: 'Delete a business calendar',
  description: 'Only when no live workflow waits by it, and not the default one while there are others.',
  request: { params },
  responses: {
    200: json(Calendar, 'The calendar as it was.'),
    ...errors('calendar.not_found', 'calendar.in_use', 'calendar.is_default'),
  },
})
