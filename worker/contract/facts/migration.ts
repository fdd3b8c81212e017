/** So many executions at a time. */
export const maxMigrations = 100
