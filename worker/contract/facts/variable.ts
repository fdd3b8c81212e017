/** `characters` are of a value as JSON text, `variables` how many an organization may have. */
export const variableLimits = { characters: 16_384, variables: 200, description: 500 } as const

/** Every type of a variable. */
export const variableTypes = ['string', 'number', 'boolean', 'json'] as const
