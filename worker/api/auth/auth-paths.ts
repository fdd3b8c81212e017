/**
 * The addresses of the sign-in library that exist, below `/api/auth`. Everything else it or its plugins could answer
 * is not there: most of what was ever wrong with such libraries was in routes nobody used.
 *
 * Nothing about members, invitations and teams: those are routes of our own, below `/api/v2`. In the library an invitation's
 * id is all that it takes to accept it, and is shown to every member.
 */
const paths = {
  GET: ['/get-session', '/list-sessions', '/organization/list', '/organization/get-active-member'],
  POST: [
    '/sign-up/email',
    '/sign-in/email',
    '/sign-out',
    '/update-user',
    '/change-password',
    '/revoke-session',
    '/revoke-sessions',
    '/revoke-other-sessions',
    '/organization/create',
    '/organization/update',
    '/organization/set-active',
  ],
} as const

export const authPaths: ReadonlyMap<string, ReadonlySet<string>> = new Map(
  Object.entries(paths).map(([method, list]) => [method, new Set<string>(list)]),
)
