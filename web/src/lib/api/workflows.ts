import type { Page } from '#contract/error.ts'
import type { ExecuteRequest, StartedExecution } from '#contract/execution.ts'
import type { MigrationPreview, MigrationRequest, MigrationResult } from '#contract/migration.ts'
import type { SimulateRequest, Simulation } from '#contract/simulate.ts'
import type { Tap, TapNews } from '#contract/tap.ts'
import type { TestRequest, TestResult } from '#contract/workflow-test.ts'
import type {
  CreateWorkflowRequest,
  HookSecret,
  PublishRequest,
  SaveWorkflowRequest,
  SetHookSecretRequest,
  ValidateRequest,
  Validation,
  Version,
  VersionSummary,
  Visibility,
  Workflow,
  WorkflowStatus,
  WorkflowSummary,
} from '#contract/workflow.ts'
import { client } from './client.ts'

// Everything the app asks of workflows. `id` is a plain text here because it may come from the address bar; the server
// is the one that says whether it names something.

export interface WorkflowFilter {
  search?: string | undefined
  status?: WorkflowStatus | undefined
  cursor?: string | undefined
  limit?: number | undefined
}

export function listWorkflows(filter: WorkflowFilter = {}, signal?: AbortSignal): Promise<Page<WorkflowSummary>> {
  return client.request('/workflows', { query: { ...filter }, signal })
}

export function getWorkflow(id: string, signal?: AbortSignal): Promise<Workflow> {
  return client.request(at(id), { signal })
}

export function createWorkflow(body: CreateWorkflowRequest): Promise<Workflow> {
  return client.request('/workflows', { method: 'POST', body })
}

/** Saves the draft over `revision`. Fails with `workflow.conflict` when somebody saved another one since. */
export function saveWorkflow(id: string, revision: number, body: SaveWorkflowRequest): Promise<Workflow> {
  return client.request(at(id), { method: 'PATCH', ifMatch: revision, body })
}

/** Says who sees it. Only that is sent, so whatever revision the draft has by now is the right one. */
export async function shareWorkflow(id: string, visibility: Visibility): Promise<Workflow> {
  const { revision } = await getWorkflow(id)
  return saveWorkflow(id, revision, { visibility })
}

/** Looks for problems in the draft as it is stored, or in `body.graph` as if it were the draft. */
export function validateWorkflow(id: string, body: ValidateRequest = {}, signal?: AbortSignal): Promise<Validation> {
  return client.request(`${at(id)}/validate`, { method: 'POST', body, signal })
}

/** Publishes the draft; with `revision` only if that is still the draft, else fails with `workflow.conflict`. */
export function publishWorkflow(id: string, body: PublishRequest = {}, revision?: number): Promise<VersionSummary> {
  return client.request(`${at(id)}/publish`, {
    method: 'POST',
    body,
    ...(revision === undefined ? {} : { ifMatch: revision }),
  })
}

export function activateWorkflow(id: string): Promise<Workflow> {
  return client.request(`${at(id)}/activate`, { method: 'POST' })
}

export function pauseWorkflow(id: string): Promise<Workflow> {
  return client.request(`${at(id)}/pause`, { method: 'POST' })
}

export function archiveWorkflow(id: string): Promise<Workflow> {
  return client.request(`${at(id)}/archive`, { method: 'POST' })
}

/** Takes it out of the archive again: paused if it was ever published, else a draft. */
export function restoreWorkflow(id: string): Promise<Workflow> {
  return client.request(`${at(id)}/restore`, { method: 'POST' })
}

export function listVersions(id: string, signal?: AbortSignal): Promise<Page<VersionSummary>> {
  return client.request(`${at(id)}/versions`, { signal })
}

/** Which executions that wait could go on with another version, and why the rest cannot. */
export function previewMigration(id: string, body: MigrationRequest): Promise<MigrationPreview> {
  return client.request(`${at(id)}/migrations/preview`, { method: 'POST', body })
}

/** Has executions that wait go on with another version. */
export function migrateExecutions(id: string, body: MigrationRequest): Promise<MigrationResult> {
  return client.request(`${at(id)}/migrations`, { method: 'POST', body })
}

export function getVersion(id: string, versionId: string, signal?: AbortSignal): Promise<Version> {
  return client.request(`${at(id)}/versions/${encodeURIComponent(versionId)}`, { signal })
}

/** Starts an execution; with `wait` the answer holds it as it stood in the end. */
export function executeWorkflow(id: string, body: Partial<ExecuteRequest>): Promise<StartedExecution> {
  return client.request(`${at(id)}/execute`, { method: 'POST', body })
}

/** Runs the draft on a clock of its own, with pretended calls but for those that are named. Stores nothing. */
export function testWorkflow(id: string, body: Partial<TestRequest>): Promise<TestResult> {
  return client.request(`${at(id)}/test`, { method: 'POST', body })
}

/** Sends sample contacts through the draft and counts what becomes of them. Calls nothing, stores nothing. */
export function simulateWorkflow(id: string, body: Partial<SimulateRequest>): Promise<Simulation> {
  return client.request(`${at(id)}/simulate`, { method: 'POST', body })
}

export function setHookSecret(id: string, nodeId: string, body: SetHookSecretRequest = {}): Promise<HookSecret> {
  return client.request(`${at(id)}/hooks/${encodeURIComponent(nodeId)}/secret`, { method: 'PUT', body })
}

/** Where a tap listens: at a webhook of the draft, or for the events that a step of it asks for. */
interface TapSource {
  kind: 'hooks' | 'events'
  nodeId: string
}

/** Listens at a trigger of the draft for what comes next. */
export function openTap(id: string, source: TapSource): Promise<Tap> {
  return client.request(tapsAt(id, source), { method: 'POST' })
}

/** What has come to a tap, as soon as something has that is new; `after` names the last refusal that is known. */
export function waitForTap(
  id: string,
  tap: Pick<Tap, 'id' | 'nodeId' | 'url'>,
  question: { after?: string; waitMs?: number } = {},
  signal?: AbortSignal,
): Promise<TapNews> {
  return client.request(`${tapsAt(id, sourceOf(tap))}/${tap.id}`, { query: question, signal })
}

/** Listens no more. */
export function closeTap(id: string, tap: Pick<Tap, 'id' | 'nodeId' | 'url'>): Promise<unknown> {
  return client.request(`${tapsAt(id, sourceOf(tap))}/${tap.id}`, { method: 'DELETE' })
}

/** Only a webhook has an address. */
function sourceOf({ nodeId, url }: Pick<Tap, 'nodeId' | 'url'>): TapSource {
  return { kind: url === undefined ? 'events' : 'hooks', nodeId }
}

function tapsAt(id: string, { kind, nodeId }: TapSource): string {
  return `${at(id)}/${kind}/${encodeURIComponent(nodeId)}/taps`
}

function at(id: string): string {
  return `/workflows/${encodeURIComponent(id)}`
}
