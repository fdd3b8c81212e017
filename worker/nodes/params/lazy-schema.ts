import type { z } from 'zod'

/** A schema that is made when it is first asked for, and only then: of all node types, a workflow uses a few. */
export function lazySchema<Schema extends z.ZodType>(make: () => Schema): () => Schema {
  let schema: Schema | undefined
  return () => (schema ??= make())
}

/** What params are that such a schema has let through. */
export type ParamsOf<Schema extends () => z.ZodType> = z.output<ReturnType<Schema>>
