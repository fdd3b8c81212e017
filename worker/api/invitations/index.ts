import { invite } from '../../usecases/invitations/invite.ts'
import { listInvitations } from '../../usecases/invitations/list-invitations.ts'
import { renewInvitation } from '../../usecases/invitations/renew-invitation.ts'
import { revokeInvitation } from '../../usecases/invitations/revoke-invitation.ts'
import { createApi } from '../create-api.ts'
import { answer } from '../envelope.ts'
import * as routes from './routes.ts'

export const invitationsApi = createApi()
  .openapi(routes.listInvitationsRoute, async (c) => answer(c, { items: await listInvitations(c.var.context) }, 200))
  .openapi(routes.inviteRoute, async (c) => answer(c, await invite(c.var.context, c.req.valid('json')), 201))
  .openapi(routes.renewInvitationRoute, async (c) =>
    answer(c, await renewInvitation(c.var.context, c.req.valid('param').invitationId), 200),
  )
  .openapi(routes.revokeInvitationRoute, async (c) =>
    answer(c, await revokeInvitation(c.var.context, c.req.valid('param').invitationId), 200),
  )
