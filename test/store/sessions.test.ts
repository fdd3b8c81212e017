import { env } from 'cloudflare:workers'
import { expect, test } from 'vitest'
import { tidy } from '../../worker/runtime/sweep.ts'
import { sessionLimits } from '../../worker/store/sessions.ts'
import { makeContext } from '../support/people.ts'

test('F8: sessions that have ended do not stay', async () => {
  const { scope } = await makeContext()
  const now = Date.now()
  const insert = env.DB.prepare(
    'INSERT INTO sessions (id, token, user_id, expires_at, created_at, updated_at) VALUES (?1, ?1, ?2, ?3, ?4, ?4)',
  )
  await env.DB.batch([
    insert.bind('idle', scope.userId, now - 1, now - 60_000),
    insert.bind('old', scope.userId, now + 60_000, now - sessionLimits.ageMs - 1),
    insert.bind('lives', scope.userId, now + 60_000, now - sessionLimits.ageMs),
  ])
  await tidy(env, now)
  const { results } = await env.DB.prepare('SELECT id FROM sessions WHERE user_id = ?').bind(scope.userId).all()
  expect(results).toEqual([{ id: 'lives' }])
})

test('K4: counts whose time is over do not stay', async () => {
  const now = Date.now()
  const insert = env.DB.prepare('INSERT INTO rate_limits (key, count, started_at) VALUES (?, 1, ?)')
  await env.DB.batch([insert.bind('over', now - 3_600_001), insert.bind('counts', now - 15 * 60_000 + 1)])
  await tidy(env, now)
  const { results } = await env.DB.prepare('SELECT key FROM rate_limits').all()
  expect(results).toEqual([{ key: 'counts' }])
})
