import { z } from 'zod'

export type Json = string | number | boolean | null | Json[] | JsonObject
export type JsonObject = { [key: string]: Json }

/** Any JSON value. Depth, keys and size are limited where bytes become JSON (`lib/parse-json.ts`), not here. */
export const Json: z.ZodType<Json> = z
  .lazy(() => z.union([z.string(), z.number(), z.boolean(), z.null(), z.array(Json), z.record(z.string(), Json)]))
  .meta({ id: 'Json', description: 'Any JSON value.' })

/** A JSON object with any keys. */
export const JsonObject: z.ZodType<JsonObject> = z
  .record(z.string(), Json)
  .meta({ id: 'JsonObject', description: 'A JSON object.' })
