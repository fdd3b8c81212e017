import { defineConfig } from 'drizzle-kit'

/** The projection. After a change of the schema: `npx drizzle-kit generate --config drizzle.logs.config.ts`. */
export default defineConfig({ dialect: 'sqlite', schema: './worker/store/schema/logs/*.ts', out: './migrations/logs' })
