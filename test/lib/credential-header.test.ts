import { describe, expect, test } from 'vitest'
import { redirected } from '../../worker/egress/redirect.ts'
import { isCredentialHeader } from '../../worker/lib/credential-header.ts'
import { webhookTrigger } from '../../worker/triggers/webhook/trigger-value.ts'

const secret = `
  Authorization Proxy-Authorization X-Authorization Cookie Set-Cookie X-Api-Key X-Api_Key api_key
  apikey X-RapidAPI-Key Key X-Key X-Access-Key X-Webhook-Key Ocp-Apim-Subscription-Key x-functions-key
  DD-Application-Key X-Parse-Master-Key X-Auth-Key X-Gitlab-Token X-Amz-Security-Token Secret
  X-Password x-passwd x-passcode X-Credential X-Session-Id X-Hub-Signature-256 Stripe-Signature
  X-Shopify-Hmac-Sha256 x-goog-iap-jwt-assertion X-GitHub-OTP X-Auth-Email
`

const open = `
  Idempotency-Key X-Idempotency-Key X-Event-Key x-routing-key x-partition-key X-Public-Key
  Content-Type User-Agent X-GitHub-Event X-GitHub-Delivery webhook-id webhook-timestamp X-Keyboard
  x-monkey X-Shopify-Topic Accept Host X-Request-Id
`

describe.each([
  ['speak for somebody', secret, true],
  ['speak for nobody', open, false],
])('headers that %s, by name, in what came in, and on a redirect to another origin', (_, names, isSecret) => {
  test.each(names.trim().split(/\s+/))('%s', (name) => {
    expect(isCredentialHeader(name)).toBe(isSecret)

    const headers: [string, string][] = [[name.toLowerCase(), 'v']]
    const trigger = webhookTrigger({ method: 'POST', search: '', headers, body: null })
    expect(trigger.headers).toEqual({ [name.toLowerCase()]: isSecret ? '***' : 'v' })

    const hop = { url: new URL('https://one.example/'), method: 'GET', headers: new Headers(headers), body: undefined }
    expect(redirected(hop, 302, new URL('https://other.example/')).headers.has(name)).toBe(!isSecret)
    expect(redirected(hop, 302, new URL('https://one.example/next')).headers.has(name)).toBe(true)
  })
})
