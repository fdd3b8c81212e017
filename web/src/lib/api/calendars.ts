import type { Calendar, CreateCalendarRequest, UpdateCalendarRequest } from '#contract/calendar.ts'
import type { Page } from '#contract/error.ts'
import { client } from './client.ts'

export function listCalendars(signal?: AbortSignal): Promise<Page<Calendar>> {
  return client.request('/calendars', { signal })
}

export function createCalendar(body: CreateCalendarRequest): Promise<Calendar> {
  return client.request('/calendars', { method: 'POST', body })
}

/** Throws `calendar.conflict` when somebody else changed it since `revision`. */
export function updateCalendar(id: string, revision: number, body: UpdateCalendarRequest): Promise<Calendar> {
  return client.request(`/calendars/${encodeURIComponent(id)}`, { method: 'PATCH', body, ifMatch: revision })
}

export function deleteCalendar(id: string): Promise<Calendar> {
  return client.request(`/calendars/${encodeURIComponent(id)}`, { method: 'DELETE' })
}
