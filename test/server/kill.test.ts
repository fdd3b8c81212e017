// In short: power cuts while webhooks arrive. `npm run prove:kill` is the long one.

import { expect, test } from 'vitest'
import { proveKill } from '../../scripts/prove/kill/prove-kill.ts'
import { storm } from '../../scripts/prove/kill/rounds.ts'

const seed = Number(process.env.LEAT_SEED ?? Date.now() % 1_000_000)

test(`R1, R6, D15: after five power cuts every acknowledged event has run exactly once (LEAT_SEED=${seed})`, async () => {
  const report = await proveKill({
    seed,
    rounds: (random) => storm(random, { executions: 120, kills: 5 }),
    stillMs: 1_000,
  })
  expect(report).toMatchObject({ isOk: true, violations: [] })
  expect(report.executions).toBeGreaterThanOrEqual(100)
}, 240_000)
