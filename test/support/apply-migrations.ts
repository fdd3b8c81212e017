// Gives every test file in workerd databases as a deployment has them.

import { applyD1Migrations } from 'cloudflare:test'
import { env } from 'cloudflare:workers'
import { beforeAll } from 'vitest'

beforeAll(async () => {
  await applyD1Migrations(env.DB, env.MIGRATIONS.DB)
  await applyD1Migrations(env.LOGS, env.MIGRATIONS.LOGS)
})
