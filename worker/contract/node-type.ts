import { z } from 'zod'
import { Json, JsonObject } from './json.ts'

/** The group of the palette in which a node type stands. */
export const NodeFamily = z
  .enum(['trigger', 'flow', 'people', 'message', 'record', 'data', 'code', 'service'])
  .meta({ id: 'NodeFamily' })
export type NodeFamily = z.infer<typeof NodeFamily>

/** A way out of a node. `label` is shown when a node has more than one. */
export const Port = z.strictObject({ name: z.string(), label: z.string() }).meta({ id: 'Port' })
export type Port = z.infer<typeof Port>

/**
 * A node type as the browser meets it: all data, so that a thousand types cost the builder nothing.
 * `params` is a JSON Schema whose properties may carry `control` (which form control draws it), `title`, `description`,
 * `placeholder`, `group` and `showWhen: { property: value }`.
 */
export const NodeType = z
  .strictObject({
    type: z.string(),
    title: z.string(),
    description: z.string(),
    family: NodeFamily,
    /** The name of a Lucide icon. */
    icon: z.string(),
    /** Other words people search for. */
    aliases: z.array(z.string()),
    params: JsonObject,
    defaultParams: JsonObject,
    /** Ways out when they do not depend on params. */
    ports: z.array(Port),
    /** Set when each entry of the param so named is a way out, by its `port` key (a switch's cases). */
    portsFrom: z.string().optional(),
    isTrigger: z.boolean(),
    /** Whether the step acts on the world, so that retries, timeouts and an error branch make sense. */
    isEffect: z.boolean(),
    /** What `summary` of a node is made of: a text with `{param}` in it, for the line under its name. */
    summary: z.string(),
    /** An example of what the step gives, for mapping before anything ran. */
    sampleOutput: Json.optional(),
    /** An example of what `steps.<id>.error` says where the step fails. */
    sampleError: JsonObject.optional(),
  })
  .meta({ id: 'NodeType' })
export type NodeType = z.infer<typeof NodeType>
