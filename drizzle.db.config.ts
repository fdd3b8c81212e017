import { defineConfig } from 'drizzle-kit'

/** The source of truth. After a change of the schema: `npx drizzle-kit generate --config drizzle.db.config.ts`. */
export default defineConfig({ dialect: 'sqlite', schema: './worker/store/schema/db/*.ts', out: './migrations/db' })
