/// <reference types="@cloudflare/vitest-plugin/types" />

import type { D1Migration } from '@cloudflare/vitest-plugin'
import type { Env as WorkerEnv } from '../../worker/env.ts'

declare global {
  namespace Cloudflare {
    /** What `exports` from `cloudflare:workers` holds in tests. */
    interface GlobalProps {
      mainModule: typeof import('../../worker/index.ts')
    }
    /** What `exports` from `cloudflare:workers` holds. */
    interface GlobalProps {
      mainModule: typeof import('../../worker/index.ts')
    }
    /** What `env` from `cloudflare:workers` holds in tests. */
    interface Env extends WorkerEnv {
      MIGRATIONS: { DB: D1Migration[]; LOGS: D1Migration[] }
    }
  }
}
