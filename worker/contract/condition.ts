import { z } from 'zod'
import { conditionOperators } from './facts/condition.ts'
import { Json } from './json.ts'

/** How a condition compares its field with its value. */
export const ConditionOperator = z.enum(conditionOperators).meta({ id: 'ConditionOperator' })
export type ConditionOperator = z.infer<typeof ConditionOperator>

/**
 * One comparison. `field` is a path (`trigger.body.total`) or an expression (`{{ steps.score.total * 2 }}`);
 * `value` is JSON in which texts may hold `{{ … }}`. Operators that need no value ignore it.
 */
export const Condition = z
  .strictObject({ field: z.string().min(1).max(4_096), operator: ConditionOperator, value: Json.optional() })
  .meta({ id: 'Condition' })
export type Condition = z.infer<typeof Condition>

/** Conditions joined by a word. Groups may hold groups. */
export interface ConditionGroup {
  operator: 'AND' | 'OR' | 'NOT'
  conditions: (Condition | ConditionGroup)[]
}

/**
 * Conditions joined by a word, nested to at most 10 levels, the outermost included. `NOT` is true when none of its conditions is.
 * An empty group is true for AND and NOT, false for OR.
 */
export const ConditionGroup: z.ZodType<ConditionGroup> = z
  .strictObject({
    operator: z.enum(['AND', 'OR', 'NOT']),
    get conditions(): z.ZodType<(Condition | ConditionGroup)[]> {
      return z.array(z.union([Condition, ConditionGroup])).max(100)
    },
  })
  .meta({ id: 'ConditionGroup' })
