/** A body of ours for the sign-in library, where its caller is not to choose; otherwise the body as it came. */
export function amendBody(path: string, body: unknown): unknown {
  if (typeof body !== 'object' || body === null) return body
  switch (path) {
    case '/sign-in/email':
    case '/sign-up/email':
      // Otherwise a session would live for a day without being used.
      return { ...body, rememberMe: true }
    case '/change-password':
      // A password may be changed because somebody else knows it.
      return { ...body, revokeOtherSessions: true }
    default:
      return body
  }
}
