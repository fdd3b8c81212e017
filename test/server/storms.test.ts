// Three storms in short; docs/reliability.md says what each is, and `npm run prove:*` plays them in full.

import { expect, test } from 'vitest'
import { proveDatabase } from '../../scripts/prove/database/prove-database.ts'
import { proveOutage } from '../../scripts/prove/outage/prove-outage.ts'
import type { StormOrder, StormReport } from '../../scripts/prove/storm/prove-storm.ts'
import { proveTimers } from '../../scripts/prove/timers/prove-timers.ts'

const seed = Number(process.env.LEAT_SEED ?? Date.now() % 1_000_000)

test.each<[string, (order: StormOrder) => Promise<StormReport>]>([
  ['R15: timers through a power cut ring once each, and none too early', proveTimers],
  ['R11: calls to a target that is down are tried again as their policy says, and all work in the end', proveOutage],
  [
    'R13: while no database answers, webhooks are acknowledged, who asks is told to come again, nothing is lost',
    proveDatabase,
  ],
])(`%s (LEAT_SEED=${seed})`, { timeout: 400_000 }, async (_, prove) => {
  const report = await prove({ seed, isQuick: true, say: () => undefined })
  expect(report).toMatchObject({ isOk: true, violations: [] })
})
