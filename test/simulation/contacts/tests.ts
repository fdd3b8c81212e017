// tests: what rules ask of an event and its contact, as the product is told it, and as it is meant

import type { ConditionGroup } from '../../../worker/contract/condition.ts'
import type { Contact } from '../../../worker/contract/contact.ts'
import type { Json } from '../../../worker/contract/json.ts'

export type Test =
  | { kind: 'type'; type: string }
  | { kind: 'total'; above: number }
  | { kind: 'tag'; tag: string }
  | { kind: 'name'; is: string }

/** As the product is told it. Entry conditions read `trigger`, all others `event`. */
export function conditionsOf(test: Test, event: 'trigger' | 'event'): ConditionGroup {
  const only = (field: string, operator: '==' | '>' | 'includes', value: string | number): ConditionGroup => {
    return { operator: 'AND', conditions: [{ field, operator, value }] }
  }
  switch (test.kind) {
    case 'type':
      return only(`${event}.type`, '==', test.type)
    case 'total':
      return only(`${event}.data.total`, '>', test.above)
    case 'tag':
      return only('contact.tags', 'includes', test.tag)
    case 'name':
      return only('contact.firstName', '==', test.is)
  }
}

/** As it is meant. */
export function holds(test: Test, event: Json, contact: Contact): boolean {
  const { type, data } = event as { type: string; data: { total?: number } | null }
  switch (test.kind) {
    case 'type':
      return type === test.type
    case 'total':
      return data?.total !== undefined && data.total > test.above
    case 'tag':
      return contact.tags.includes(test.tag)
    case 'name':
      return contact.firstName === test.is
  }
}
