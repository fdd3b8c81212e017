import { secretShape } from '../../lib/secret-text.ts'

const shape = new RegExp(`^${secretShape}$`)

/** Whether a text could be of an invitation's link at all. */
export function isInvitationToken(text: string): boolean {
  return shape.test(text)
}

/**
 * An invitation's address on an installation. The token stands behind the `#`, so that it is in no log of a request and in
 * no referrer.
 */
export function invitationLink(origin: string, token: string): string {
  return `${origin}/invitation#${token}`
}
