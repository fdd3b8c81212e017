import { createHmac } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { receive, secret, settingsFor } from './support.ts'

interface Example {
  name: string
  examples: object[]
}

const file = join(import.meta.dirname, '../../../node_modules/@octokit/webhooks-examples/api.github.com/index.json')
const events = JSON.parse(readFileSync(file, 'utf8')) as Example[]
const deliveries = events.flatMap(({ name, examples }) =>
  examples.map((payload, index) => ({ name, payload, id: `${name}-${index}` })),
)

test('every published GitHub payload is received, verified, and told from every other', async () => {
  const settings = settingsFor({ verification: 'github' })
  const keys = new Set<string>()
  for (const { name, payload, id } of deliveries) {
    const body = JSON.stringify(payload)
    const headers = {
      'content-type': 'application/json',
      'x-github-event': name,
      'x-github-delivery': id,
      'x-hub-signature-256': `sha256=${createHmac('sha256', secret).update(body).digest('hex')}`,
    }
    const received = await receive({ body, headers }, { settings, secrets: [secret] })
    if (received.kind !== 'trigger') throw new Error(`${id} was taken for a handshake`)
    expect(received.trigger.body).toEqual(payload)
    expect(received.trigger.headers['x-github-event']).toBe(name)
    keys.add(received.dedupe.key)
  }
  expect(deliveries.length).toBeGreaterThan(200)
  expect(keys.size).toBe(deliveries.length)
})
