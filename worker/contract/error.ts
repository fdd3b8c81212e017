import { z } from 'zod'
import { errorCatalogue } from './facts/error.ts'
import { Json } from './json.ts'

export type ErrorCode = keyof typeof errorCatalogue
/** A code of the catalogue. */
export const ErrorCode = z.enum(Object.keys(errorCatalogue) as [ErrorCode, ...ErrorCode[]])

/** What every answer carries besides its data. `executionTime` is the handling time in milliseconds. */
export const Metadata = z
  .strictObject({ requestId: z.string(), timestamp: z.iso.datetime(), version: z.string(), executionTime: z.number() })
  .meta({ id: 'Metadata' })
export type Metadata = z.infer<typeof Metadata>

/** What every refused request is answered with. `code` is one of the catalogue and never changes its meaning. */
export const ErrorBody = z
  .strictObject({
    success: z.literal(false),
    error: z.strictObject({ code: z.string(), message: z.string(), details: Json }),
    metadata: Metadata,
  })
  .meta({ id: 'Error' })
export type ErrorBody = z.infer<typeof ErrorBody>

/** The one envelope of every good answer. */
export function envelope<Data extends z.ZodType>(data: Data) {
  return z.strictObject({ success: z.literal(true), data, metadata: Metadata })
}

/** A page of a list. `nextCursor` is absent on the last page. */
export function page<Item extends z.ZodType>(item: Item) {
  return z.strictObject({ items: z.array(item), nextCursor: z.string().optional() })
}
export type Page<Item> = { items: Item[]; nextCursor?: string | undefined }
