// create-app
//
// The HTTP API: everything but the hooks. Composition only; what it stands on is given per set of bindings, so that
// tests run it on whatever they like.
//
//   P1. Every answer, of a route or of none, good or bad, is in the one envelope (but for the sign-in library's own).
//   P2. A route of `admitted` is reached by admitted callers only; the public ones are listed here by name.

import { Hono } from 'hono'
import { appError } from '../lib/app-error.ts'
import { apiKeysApi } from './api-keys/index.ts'
import { approvalPages } from './approval-pages/index.ts'
import { approvalsApi } from './approvals/index.ts'
import { auditApi } from './audit/index.ts'
import { authenticatorApi } from './authenticator/index.ts'
import { authApi } from './auth/index.ts'
import type { Backend } from './backend.ts'
import { contactsApi } from './contacts/index.ts'
import { calendarsApi } from './calendars/index.ts'
import { defaultsApi } from './defaults/index.ts'
import { executionLimitApi } from './execution-limit/index.ts'
import { teamsApi } from './teams/index.ts'
import { variablesApi } from './variables/index.ts'
import { outboundApi } from './outbound/index.ts'
import { createApi } from './create-api.ts'
import { deadLettersApi } from './dead-letters/index.ts'
import { docsApi } from './docs/index.ts'
import { enrolmentsApi } from './enrolments/index.ts'
import type { Api, ApiEnv } from './env.ts'
import { eventsApi } from './events/index.ts'
import { executionsApi } from './executions/index.ts'
import { handleError } from './handle-error.ts'
import { healthApi } from './health.ts'
import { invitationLinksApi } from './invitations/links.ts'
import { invitationsApi } from './invitations/index.ts'
import { membersApi } from './members/index.ts'
import { meApi } from './me/index.ts'
import { admitCaller } from './middleware/admit-caller.ts'
import { identifyRequest } from './middleware/identify-request.ts'
import { limitBody } from './middleware/limit-body.ts'
import { securityHeaders } from './middleware/security-headers.ts'
import { methodsOf } from './methods-of.ts'
import { nodeTypesApi } from './node-types/index.ts'
import { setupApi } from './setup/index.ts'
import { socketApi } from './socket.ts'
import { workflowsApi } from './workflows/index.ts'

const base = '/api/v2'

/** Everything that only admitted callers reach, as the reference documents it. */
function admittedApi(): Api {
  const api = createApi()
  api.use('*', admitCaller)
  for (const part of [
    meApi,
    teamsApi,
    membersApi,
    invitationsApi,
    authenticatorApi,
    workflowsApi,
    executionsApi,
    deadLettersApi,
    eventsApi,
    contactsApi,
    enrolmentsApi,
    nodeTypesApi,
    apiKeysApi,
    calendarsApi,
    defaultsApi,
    executionLimitApi,
    variablesApi,
    outboundApi,
    approvalsApi,
    auditApi,
  ])
    api.route('/', part)
  return api
}

/** The API of a Worker with these bindings. `backendOf` is asked with every request and should remember its answer. */
export function createApp<Bindings extends object>(backendOf: (bindings: Bindings) => Backend): Hono<ApiEnv> {
  const documented = createApi()
  documented.route(base, healthApi)
  documented.route(base, invitationLinksApi)
  documented.route(base, admittedApi())
  const methods = methodsOf(documented)

  const app = new Hono<ApiEnv>()
  app.onError(handleError)
  app.notFound((c) => {
    const allowed = methods(c.req.path)
    if (allowed.length > 0) c.header('Allow', allowed.join(', '))
    return handleError(appError(allowed.length > 0 ? 'request.method_not_allowed' : 'request.not_found'), c)
  })

  app.use('*', identifyRequest, securityHeaders)
  app.use('*', async (c, next) => {
    c.set('backend', backendOf(c.env as Bindings))
    await next()
  })
  app.use('/api/*', limitBody)
  // The public ones first: what is not among them is only answered to admitted callers.
  for (const part of [healthApi, authApi, setupApi, docsApi(documented), socketApi, approvalPages]) app.route('/', part)
  app.route('/', documented)
  return app
}
