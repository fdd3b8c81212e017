import type { UserId, WorkflowId } from '../../contract/id.ts'
import type { WorkflowSummary } from '../../contract/workflow.ts'
import { newApiKeySecret } from '../../tenancy/api-key-secret.ts'
import { base32 } from '../../lib/base32.ts'
import { sha256 } from '../../lib/digest.ts'
import type { Context } from '../context.ts'
import { createApiKey } from '../api-keys/create-api-key.ts'
import { createWorkflow } from '../workflows/create-workflow.ts'
import { getWorkflow } from '../workflows/get-workflow.ts'
import { publishWorkflow } from '../workflows/publish-workflow.ts'
import { sampleWorkflow } from './sample-workflow.ts'

/** How to use the demo organization. */
export interface Demo {
  email: string
  password: string
  apiKey: string
  /** The path of the sample's webhook. */
  hookPath: string
  workflowId: WorkflowId
}

/** What seeding needs besides the use cases it is made of. */
export interface DemoNeeds {
  /** A secret of this installation that is for nothing else: the demo's own secrets follow from it. */
  secret: string
  findUser(email: string): Promise<UserId | undefined>
  signUp(user: { name: string; email: string; password: string }): Promise<UserId>
  /** The use cases' context of that user, in the organization that is their own. */
  contextOf(userId: UserId): Promise<Context>
}

const email = 'demo@leat.local'

/**
 * Makes the demo organization: its owner, an API key, and a published workflow with a webhook. Its secrets follow from
 * the installation's own, so that being asked again, after a crash too, makes what is missing and gives the same answer.
 */
export async function seedDemo({ secret, findUser, signUp, contextOf }: DemoNeeds): Promise<Demo> {
  const password = base32(sha256(`${secret}|password`).subarray(0, 15))
  const apiKey = newApiKeySecret(sha256(`${secret}|api-key`))
  const userId = (await findUser(email)) ?? (await signUp({ name: 'Demo', email, password }))
  const context = await contextOf(userId)

  const keys = await context.apiKeys.list()
  if (!keys.some(({ prefix }) => apiKey.startsWith(prefix))) {
    await createApiKey(context, { name: 'Demo', scopes: [...context.scope.capabilities] }, apiKey)
  }
  const sample =
    (await findSample(context)) ?? (await createWorkflow(context, { ...sampleWorkflow, visibility: 'organization' }))
  // What somebody has made of it since is theirs to publish.
  if (sample.publishedNumber === undefined) await publishWorkflow(context, sample.id, { note: 'The sample' })
  const { hooks } = await getWorkflow(context, sample.id)
  return { email, password, apiKey, hookPath: hooks[0]?.path ?? '', workflowId: sample.id }
}

async function findSample({ workflows }: Pick<Context, 'workflows'>): Promise<WorkflowSummary | undefined> {
  const { items } = await workflows.list({ search: sampleWorkflow.name, limit: 100 })
  return items.find(({ name }) => name === sampleWorkflow.name)
}
