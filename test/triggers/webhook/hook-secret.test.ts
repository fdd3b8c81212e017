import { randomBytes } from 'node:crypto'
import { Webhook } from 'standardwebhooks'
import { expect, test } from 'vitest'
import { webhookParams } from '../../../worker/nodes/trigger/webhook.ts'
import { newHookSecret, secretProblem } from '../../../worker/triggers/webhook/index.ts'
import { codeOf, now, receive, seconds, settingsFor } from './support.ts'

const json = { 'content-type': 'application/json' }

/** What a sender that was given the secret sends, by the schemes that cannot work with every text. */
const sendersOf: Record<string, (secret: string) => Record<string, string>> = {
  basic: (secret) => ({ authorization: `Basic ${Buffer.from(secret).toString('base64')}` }),
  header: (secret) => ({ 'x-webhook-token': secret }),
  standard: (secret) => ({
    'webhook-id': 'msg_1',
    'webhook-timestamp': String(seconds),
    'webhook-signature': new Webhook(secret).sign('msg_1', new Date(now), '{}'),
  }),
}

const answerTo = (verification: string, secrets: string[], headers: Record<string, string>) =>
  codeOf(
    receive({ body: '{}', headers: { ...json, ...headers } }, { settings: settingsFor({ verification }), secrets }),
  )

test('a new secret is of a kind that the scheme can work with, and like no other', () => {
  for (const verification of webhookParams().shape.verification.unwrap().options) {
    const [one, other] = [newHookSecret(verification), newHookSecret(verification)]
    expect(secretProblem(verification, one), verification).toBeUndefined()
    expect(one).not.toBe(other)
    expect(one.length).toBeGreaterThanOrEqual(24)
  }
})

test.each(['basic', 'header', 'standard'] as const)(
  'a sender proves itself by a new secret of %s',
  async (verification) => {
    const secret = newHookSecret(verification)
    expect(await answerTo(verification, [secret], sendersOf[verification]!(secret))).toBe('received')
  },
)

const public32 = randomBytes(32).toString('base64')

test.each([
  ['standard', 'my-very-long-secret-with-!-chars', false],
  ['standard', `whsec_${randomBytes(16).toString('base64')}`, false],
  ['standard', `whpk_${randomBytes(31).toString('base64')}`, false],
  ['standard', `whsec_${randomBytes(24).toString('base64')}`, true],
  ['standard', randomBytes(32).toString('base64'), true],
  ['standard', `whpk_${public32}`, true],
  ['basic', 'a very long password alone', false],
  ['basic', 'user:a very long password', true],
  ['header', 'Bearer a-very-long-token-of-ours', false],
  ['header', ' a-very-long-token-of-ours-', false],
  ['header', 'a-very-long-token-of-ours\n', false],
  ['header', 'ein sehr langes Wort für uns', false],
  ['header', 'a very long token of ours', true],
  ['stripe', 'whatever Stripe may show for it', true],
] as const)('%s can work with %j: %s', (verification, secret, isUsable) => {
  expect(secretProblem(verification, secret) === undefined).toBe(isUsable)
})

test.each([
  ['standard', 'my-very-long-secret-with-!-chars', sendersOf['standard']!(`whsec_${public32}`)],
  ['basic', 'a very long password alone', sendersOf['basic']!('a very long password alone:')],
  ['header', 'Bearer a-very-long-token-of-ours', sendersOf['header']!('Bearer a-very-long-token-of-ours')],
] as const)(
  'D1: by a secret of %s that cannot work nobody gets in, and it is said that it is the secret',
  async (verification, secret, headers) => {
    expect(await answerTo(verification, [secret], headers)).toBe('hook.unauthorized: unusable_secret')
    // Beside one that works it is only the one before.
    const working = newHookSecret(verification)
    expect(await answerTo(verification, [working, secret], sendersOf[verification]!(working))).toBe('received')
    expect(await answerTo(verification, [working, secret], headers)).toMatch(/: wrong_/)
  },
)
