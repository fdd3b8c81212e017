import type { Json } from '#contract/json.ts'

/** A payload as it was edited: whether it is JSON, and whether it is another one than before. */
export type EditedPayload = { kind: 'same' } | { kind: 'changed'; data: Json } | { kind: 'invalid'; message: string }

/** Reads what somebody typed. Spaces and line breaks make no other payload. */
export function parsePayload(text: string, before: Json): EditedPayload {
  try {
    const data = JSON.parse(text) as Json
    return JSON.stringify(data) === JSON.stringify(before) ? { kind: 'same' } : { kind: 'changed', data }
  } catch (error) {
    return {
      kind: 'invalid',
      message: `This is not JSON yet: ${error instanceof Error ? error.message : String(error)}`,
    }
  }
}
