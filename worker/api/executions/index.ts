import { bulkExecutions } from '../../usecases/executions/bulk-executions.ts'
import { cancelExecution } from '../../usecases/executions/cancel-execution.ts'
import { controlExecution } from '../../usecases/executions/control-execution.ts'
import { forkExecution } from '../../usecases/forks/fork-execution.ts'
import { getForkTree } from '../../usecases/forks/get-fork-tree.ts'
import { getExecution } from '../../usecases/executions/get-execution.ts'
import { listEffects } from '../../usecases/executions/list-effects.ts'
import { listExecutions } from '../../usecases/executions/list-executions.ts'
import { getProgress } from '../../usecases/progress/get-progress.ts'
import { redriveExecution } from '../../usecases/executions/redrive-execution.ts'
import { withKeys } from '../../usecases/executions/with-keys.ts'
import { createApi } from '../create-api.ts'
import { answer } from '../envelope.ts'
import { forkExecutionRoute, getForkTreeRoute } from './fork-routes.ts'
import * as routes from './routes.ts'

export const executionsApi = createApi()
  .openapi(routes.listExecutionsRoute, async (c) => {
    return answer(c, await listExecutions(c.var.context, c.req.valid('query')), 200)
  })
  .openapi(routes.getExecutionRoute, async (c) => {
    const { context } = c.var
    const execution = await getExecution(context, c.req.valid('param').executionId)
    return answer(c, await withKeys(context.vault, context.scope.organizationId, execution), 200)
  })
  .openapi(routes.listEffectsRoute, async (c) => {
    return answer(c, await listEffects(c.var.context, c.req.valid('param').executionId), 200)
  })
  .openapi(routes.getProgressRoute, async (c) => {
    return answer(c, await getProgress(c.var.context, c.req.valid('param').executionId), 200)
  })
  .openapi(routes.cancelExecutionRoute, async (c) => {
    const { executionId: id } = c.req.valid('param')
    await cancelExecution(c.var.context, id, c.req.valid('json').reason ?? '')
    return answer(c, { id }, 202)
  })
  .openapi(routes.pauseExecutionRoute, async (c) => {
    const { executionId: id } = c.req.valid('param')
    await controlExecution(c.var.context, id, { type: 'pause' })
    return answer(c, { id }, 202)
  })
  .openapi(routes.resumeExecutionRoute, async (c) => {
    const { executionId: id } = c.req.valid('param')
    await controlExecution(c.var.context, id, { type: 'resume' })
    return answer(c, { id }, 202)
  })
  .openapi(routes.skipStepRoute, async (c) => {
    const { executionId: id } = c.req.valid('param')
    await controlExecution(c.var.context, id, { type: 'skipStep', ...c.req.valid('json') })
    return answer(c, { id }, 202)
  })
  .openapi(routes.retryStepRoute, async (c) => {
    const { executionId: id } = c.req.valid('param')
    await controlExecution(c.var.context, id, { type: 'retryStep', ...c.req.valid('json') })
    return answer(c, { id }, 202)
  })
  .openapi(routes.jumpRoute, async (c) => {
    const { executionId: id } = c.req.valid('param')
    await controlExecution(c.var.context, id, { type: 'jump', ...c.req.valid('json') })
    return answer(c, { id }, 202)
  })
  .openapi(routes.bulkExecutionsRoute, async (c) => {
    return answer(c, await bulkExecutions(c.var.context, c.req.valid('json')), 200)
  })
  .openapi(routes.redriveExecutionRoute, async (c) => {
    const { executionId: id } = c.req.valid('param')
    await redriveExecution(c.var.context, id, c.req.valid('json').edits)
    return answer(c, { id }, 202)
  })
  .openapi(forkExecutionRoute, async (c) => {
    const { context } = c.var
    const key = c.req.valid('header')['idempotency-key']
    const forked = await forkExecution(context, c.req.valid('param').executionId, c.req.valid('json'), key)
    return answer(c, forked, forked.execution === undefined ? 202 : 200)
  })
  .openapi(getForkTreeRoute, async (c) => {
    return answer(c, await getForkTree(c.var.context, c.req.valid('param').executionId), 200)
  })
