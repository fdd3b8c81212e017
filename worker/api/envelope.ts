import type { ErrorBody, Metadata } from '../contract/error.ts'
import type { AppError } from '../lib/app-error.ts'
import type { ApiContext } from './env.ts'
import { apiVersion } from './version.ts'

/** What every answer carries besides its data. */
export function metadataOf(c: ApiContext): Metadata {
  const now = Date.now()
  return {
    requestId: c.var.requestId,
    timestamp: new Date(now).toISOString(),
    version: apiVersion,
    executionTime: now - c.var.startedAt,
  }
}

/** A good answer. */
export function answer<Data, const Status extends 200 | 201 | 202>(c: ApiContext, data: Data, status: Status) {
  return c.json({ success: true as const, data, metadata: metadataOf(c) }, status)
}

/** A refusal, in the words of the catalogue. */
export function refuse(c: ApiContext, error: AppError): Response {
  const { code, message, details } = error
  const body: ErrorBody = { success: false, error: { code, message, details }, metadata: metadataOf(c) }
  return c.json(body, error.status as 400)
}
