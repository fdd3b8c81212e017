/** How long an invitation can be accepted, in ms. */
export const lifetimeMs = 7 * 24 * 3_600_000

/** How many invitations of an organization may be open at a time. */
export const mostOpen = 100

/** How many members an organization may have. */
export const mostMembers = 1_000
