import { env } from 'cloudflare:workers'
import { expect, test } from 'vitest'
import { tidy } from '../../worker/runtime/sweep.ts'
import { makeContext } from '../support/people.ts'

test('F8: sessions that have ended do not stay', async () => {
  const { scope } = await makeContext()
  const now = Date.now()
  const insert = env.DB.prepare(
    'INSERT INTO sessions (id, token, user_id, expires_at, created_at, updated_at) VALUES (?1, ?1, ?2, ?3, 0, 0)',
  )
  await env.DB.batch([insert.bind('over', scope.userId, now - 1), insert.bind('lives', scope.userId, now + 60_000)])
  await tidy(env, now)
  const { results } = await env.DB.prepare('SELECT id FROM sessions WHERE user_id = ?').bind(scope.userId).all()
  expect(results).toEqual([{ id: 'lives' }])
})
