/** How many teams an organization may have, and how many characters their names. */
export const teamLimits = { teams: 100, nameLength: 80 } as const
