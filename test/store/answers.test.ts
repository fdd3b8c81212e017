// What a change answers: what it left, and not what somebody else made of it a moment later.

import { expect, test } from 'vitest'
import { eq } from 'drizzle-orm'
import { createCalendar } from '../../worker/usecases/calendars/create-calendar.ts'
import { updateCalendar } from '../../worker/usecases/calendars/update-calendar.ts'
import { createWorkflow } from '../../worker/usecases/workflows/create-workflow.ts'
import { setDefaults } from '../../worker/usecases/defaults/set-defaults.ts'
import { saveWorkflow } from '../../worker/usecases/workflows/save-workflow.ts'
import { setVariable } from '../../worker/usecases/variables/set-variable.ts'
import { hooks } from '../../worker/store/schema/db/workflows.ts'
import { db, makeContext } from '../support/people.ts'

/** A function after which something else happens, before whoever called it goes on. */
function before<Args extends unknown[], Result>(
  asked: (...args: Args) => Promise<Result>,
  happens: () => Promise<unknown>,
): (...args: Args) => Promise<Result> {
  return async (...args) => {
    const result = await asked(...args)
    await happens()
    return result
  }
}

test('D2: a save answers its own revision and content, also where somebody saves right behind it', async () => {
  const other = await makeContext()
  const { id } = await createWorkflow(other, { name: 'Orders' })
  const behind = () => saveWorkflow(other, id, 2, { description: 'by B' })
  const context = { ...other, workflows: { ...other.workflows, save: before(other.workflows.save, behind) } }
  expect(await saveWorkflow(context, id, 1, { description: 'by A' })).toMatchObject({
    revision: 2,
    description: 'by A',
  })
  // So the next one of A is told of B's.
  await expect(saveWorkflow(other, id, 2, { name: 'X' })).rejects.toMatchObject({
    code: 'workflow.conflict',
    details: { revision: 3 },
  })
})

test('D2: a variable, a calendar and the defaults do as well', async () => {
  const other = await makeContext({ role: 'owner' })
  const { variables, calendars, defaults } = other
  const set = (context: typeof other, revision: number | undefined, value: string) =>
    setVariable(context, 'region', revision, { type: 'string', value, description: '' })

  const behindVariable = () => set(other, 1, 'B')
  const created = await set(
    { ...other, variables: { ...variables, create: before(variables.create, behindVariable) } },
    undefined,
    'A',
  )
  expect(created).toMatchObject({ created: true, variable: { revision: 1, value: 'A' } })
  const again = () => set(other, 3, 'B')
  const changed = await set({ ...other, variables: { ...variables, update: before(variables.update, again) } }, 2, 'A')
  expect(changed).toMatchObject({ created: false, variable: { revision: 3, value: 'A' } })

  const rules = { timeZone: 'UTC', weekly: {}, exceptions: [] }
  const { id } = await createCalendar(other, { name: 'Office', isDefault: false, ...rules })
  const behindCalendar = () => updateCalendar(other, id, 2, { name: 'B' })
  const updating = { ...other, calendars: { ...calendars, update: before(calendars.update, behindCalendar) } }
  expect(await updateCalendar(updating, id, 1, { name: 'A' })).toMatchObject({ revision: 2, name: 'A' })
  await expect(updateCalendar(other, id, 2, { name: 'C' })).rejects.toMatchObject({ details: { revision: 3 } })

  const behindDefaults = () => setDefaults(other, 1, { retry: { maxRetries: 2 } })
  const setting = { ...other, defaults: { ...defaults, set: before(defaults.set, behindDefaults) } }
  const answer = await setDefaults(setting, 0, { retry: { maxRetries: 5 } })
  expect(answer).toEqual({ revision: 1, retry: { maxRetries: 5 } })
})

test('of a save that lost nothing is kept, no address of its nodes either', async () => {
  const context = await makeContext()
  const { id } = await createWorkflow(context, { name: 'Orders' })
  const graph = {
    version: 1 as const,
    nodes: [{ id: 'hook', type: 'trigger.webhook', name: 'Hook', position: { x: 0, y: 0 }, params: {} }],
    edges: [],
  }
  const kept = () => db.select().from(hooks).where(eq(hooks.workflowId, id))
  await expect(saveWorkflow(context, id, 9, { graph })).rejects.toMatchObject({ code: 'workflow.conflict' })
  expect(await kept()).toEqual([])
  expect((await saveWorkflow(context, id, 1, { graph })).hooks).toMatchObject([{ nodeId: 'hook' }])
  expect(await kept()).toHaveLength(1)
})
