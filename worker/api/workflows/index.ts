import { isTerminal } from '../../contract/facts/execution.ts'
import { activateWorkflow } from '../../usecases/workflows/activate-workflow.ts'
import { archiveWorkflow } from '../../usecases/workflows/archive-workflow.ts'
import { createWorkflow } from '../../usecases/workflows/create-workflow.ts'
import { executeWorkflow } from '../../usecases/executions/execute-workflow.ts'
import { getVersion } from '../../usecases/workflows/get-version.ts'
import { getWorkflow } from '../../usecases/workflows/get-workflow.ts'
import { listVersions } from '../../usecases/workflows/list-versions.ts'
import { listWorkflows } from '../../usecases/workflows/list-workflows.ts'
import { pauseWorkflow } from '../../usecases/workflows/pause-workflow.ts'
import { publishWorkflow } from '../../usecases/workflows/publish-workflow.ts'
import { restoreWorkflow } from '../../usecases/workflows/restore-workflow.ts'
import { saveWorkflow } from '../../usecases/workflows/save-workflow.ts'
import { setHookSecret } from '../../usecases/workflows/set-hook-secret.ts'
import { simulateWorkflow } from '../../usecases/simulate/simulate-workflow.ts'
import { testWorkflow } from '../../usecases/test/test-workflow.ts'
import { validateWorkflow } from '../../usecases/workflows/validate-workflow.ts'
import { migrateExecutions, previewMigration } from '../../usecases/executions/migrate-executions.ts'
import { closeTap } from '../../usecases/taps/close-tap.ts'
import { openTap } from '../../usecases/taps/open-tap.ts'
import { waitForTap } from '../../usecases/taps/wait-for-tap.ts'
import { createApi } from '../create-api.ts'
import { answer } from '../envelope.ts'
import { etagOf, readRevision, requireRevision } from '../headers.ts'
import { migrateExecutionsRoute, previewMigrationRoute } from './migration-routes.ts'
import * as routes from './routes.ts'
import {
  closeEventTapRoute,
  closeTapRoute,
  openEventTapRoute,
  openTapRoute,
  waitForEventTapRoute,
  waitForTapRoute,
} from './tap-routes.ts'
import { simulateWorkflowRoute, testWorkflowRoute } from './test-routes.ts'

export const workflowsApi = createApi()
  .openapi(routes.listWorkflowsRoute, async (c) => {
    return answer(c, await listWorkflows(c.var.context, c.req.valid('query')), 200)
  })
  .openapi(routes.createWorkflowRoute, async (c) => {
    const workflow = await createWorkflow(c.var.context, c.req.valid('json'))
    c.header('ETag', etagOf(workflow))
    return answer(c, workflow, 201)
  })
  .openapi(routes.getWorkflowRoute, async (c) => {
    const workflow = await getWorkflow(c.var.context, c.req.valid('param').workflowId)
    c.header('ETag', etagOf(workflow))
    return answer(c, workflow, 200)
  })
  .openapi(routes.saveWorkflowRoute, async (c) => {
    const revision = requireRevision(c.req.valid('header')['if-match'])
    const workflow = await saveWorkflow(c.var.context, c.req.valid('param').workflowId, revision, c.req.valid('json'))
    c.header('ETag', etagOf(workflow))
    return answer(c, workflow, 200)
  })
  .openapi(routes.validateWorkflowRoute, async (c) => {
    const { graph } = c.req.valid('json')
    return answer(c, await validateWorkflow(c.var.context, c.req.valid('param').workflowId, graph), 200)
  })
  .openapi(routes.publishWorkflowRoute, async (c) => {
    const revision = readRevision(c.req.valid('header')['if-match'])
    const { workflowId } = c.req.valid('param')
    return answer(c, await publishWorkflow(c.var.context, workflowId, c.req.valid('json'), revision), 200)
  })
  .openapi(routes.activateWorkflowRoute, async (c) => {
    return answer(c, await activateWorkflow(c.var.context, c.req.valid('param').workflowId), 200)
  })
  .openapi(routes.pauseWorkflowRoute, async (c) => {
    return answer(c, await pauseWorkflow(c.var.context, c.req.valid('param').workflowId), 200)
  })
  .openapi(routes.archiveWorkflowRoute, async (c) => {
    return answer(c, await archiveWorkflow(c.var.context, c.req.valid('param').workflowId), 200)
  })
  .openapi(routes.restoreWorkflowRoute, async (c) => {
    return answer(c, await restoreWorkflow(c.var.context, c.req.valid('param').workflowId), 200)
  })
  .openapi(routes.listVersionsRoute, async (c) => {
    const { workflowId } = c.req.valid('param')
    return answer(c, await listVersions(c.var.context, workflowId, c.req.valid('query')), 200)
  })
  .openapi(routes.getVersionRoute, async (c) => {
    const { workflowId, versionId } = c.req.valid('param')
    return answer(c, await getVersion(c.var.context, workflowId, versionId), 200)
  })
  .openapi(routes.setHookSecretRoute, async (c) => {
    const { workflowId, nodeId } = c.req.valid('param')
    return answer(c, await setHookSecret(c.var.context, workflowId, nodeId, c.req.valid('json')), 200)
  })
  .openapi(openTapRoute, async (c) => {
    return answer(c, await openTap(c.var.context, { kind: 'hook', ...c.req.valid('param') }), 201)
  })
  .openapi(waitForTapRoute, async (c) => {
    const address = { kind: 'hook', ...c.req.valid('param') } as const
    return answer(c, await waitForTap(c.var.context, address, c.req.valid('query')), 200)
  })
  .openapi(closeTapRoute, async (c) => {
    const params = c.req.valid('param')
    await closeTap(c.var.context, { kind: 'hook', ...params })
    return answer(c, { id: params.tapId }, 200)
  })
  .openapi(openEventTapRoute, async (c) => {
    return answer(c, await openTap(c.var.context, { kind: 'event', ...c.req.valid('param') }), 201)
  })
  .openapi(waitForEventTapRoute, async (c) => {
    const address = { kind: 'event', ...c.req.valid('param') } as const
    return answer(c, await waitForTap(c.var.context, address, c.req.valid('query')), 200)
  })
  .openapi(closeEventTapRoute, async (c) => {
    const params = c.req.valid('param')
    await closeTap(c.var.context, { kind: 'event', ...params })
    return answer(c, { id: params.tapId }, 200)
  })
  .openapi(routes.executeWorkflowRoute, async (c) => {
    const { workflowId } = c.req.valid('param')
    const key = c.req.valid('header')['idempotency-key']
    const started = await executeWorkflow(c.var.context, workflowId, c.req.valid('json'), key)
    const hasFinished = started.execution !== undefined && isTerminal(started.execution.status)
    return answer(c, started, hasFinished ? 200 : 202)
  })
  .openapi(previewMigrationRoute, async (c) => {
    return answer(c, await previewMigration(c.var.context, c.req.valid('param').workflowId, c.req.valid('json')), 200)
  })
  .openapi(migrateExecutionsRoute, async (c) => {
    return answer(c, await migrateExecutions(c.var.context, c.req.valid('param').workflowId, c.req.valid('json')), 200)
  })
  .openapi(testWorkflowRoute, async (c) => {
    return answer(c, await testWorkflow(c.var.context, c.req.valid('param').workflowId, c.req.valid('json')), 200)
  })
  .openapi(simulateWorkflowRoute, async (c) => {
    return answer(c, await simulateWorkflow(c.var.context, c.req.valid('param').workflowId, c.req.valid('json')), 200)
  })
