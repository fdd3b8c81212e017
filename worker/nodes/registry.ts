import type { NodeDefinition } from './define.ts'
import { createContact } from './contact/create.ts'
import { findContact } from './contact/find.ts'
import { addTags, removeTags } from './contact/tags.ts'
import { updateContact } from './contact/update.ts'
import { aggregate } from './data/aggregate.ts'
import { date } from './data/date.ts'
import { json } from './data/json.ts'
import { list } from './data/list.ts'
import { math } from './data/math.ts'
import { object } from './data/object.ts'
import { set } from './data/set.ts'
import { text } from './data/text.ts'
import { transform } from './data/transform.ts'
import { validate } from './data/validate.ts'
import { callWorkflow } from './flow/call.ts'
import { end } from './flow/end.ts'
import { filter } from './flow/filter.ts'
import { forEach } from './flow/for-each.ts'
import { for_ } from './flow/for.ts'
import { goTo } from './flow/go-to.ts'
import { if_ } from './flow/if.ts'
import { merge } from './flow/merge.ts'
import { parallel } from './flow/parallel.ts'
import { split } from './flow/split.ts'
import { switch_ } from './flow/switch.ts'
import { wait } from './flow/wait.ts'
import { waitForCondition } from './flow/wait-for-condition.ts'
import { waitForEvent } from './flow/wait-for-event.ts'
import { while_ } from './flow/while.ts'
import { request } from './http/request.ts'
import { approval } from './people/approval.ts'
import { event } from './trigger/event.ts'
import { failure } from './trigger/failure.ts'
import { manual } from './trigger/manual.ts'
import { webhook } from './trigger/webhook.ts'
import { appendVariable } from './variable/append.ts'
import { incrementVariable } from './variable/increment.ts'
import { setVariable } from './variable/set.ts'
import { respond } from './webhook/respond.ts'

const builtIn = [
  webhook,
  event,
  manual,
  failure,
  if_,
  switch_,
  split,
  parallel,
  merge,
  forEach,
  for_,
  while_,
  goTo,
  callWorkflow,
  filter,
  wait,
  waitForEvent,
  waitForCondition,
  approval,
  end,
  set,
  transform,
  math,
  text,
  list,
  aggregate,
  date,
  object,
  json,
  validate,
  setVariable,
  incrementVariable,
  appendVariable,
  createContact,
  findContact,
  updateContact,
  addTags,
  removeTags,
  request,
  respond,
] as const

/** Every node type, in the order the palette shows them. Adding one is one import and one name in the list. */
export const nodeDefinitions: readonly NodeDefinition[] = builtIn

const byType = new Map(nodeDefinitions.map((definition) => [definition.type, definition]))

/** The definition of a node's `type`, or undefined when there is none. */
export function findNodeType(type: string): NodeDefinition | undefined {
  return byType.get(type)
}
