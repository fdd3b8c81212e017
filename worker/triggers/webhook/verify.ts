import { unreachable } from '../../lib/unreachable.ts'
import { secretProblem } from './hook-secret.ts'
import { github, shopify, verifyBodyHmac } from './schemes/body-hmac.ts'
import type { Delivery, Refusal } from './schemes/delivery.ts'
import { verifyBasic, verifyHeader } from './schemes/shared-secret.ts'
import { verifySlack } from './schemes/slack.ts'
import { verifyStandard } from './schemes/standard.ts'
import { verifyStripe } from './schemes/stripe.ts'
import type { WebhookSettings } from './settings.ts'

/** A secret shorter than this could be guessed; one that got stored all the same counts as none. */
const minSecretLength = 24

/**
 * Whether a delivery is genuine: null, or why it is not. Fails closed: a hook whose scheme needs a secret refuses
 * everything until it has one. With `none`, everything is genuine.
 */
export async function verifyDelivery(settings: WebhookSettings, delivery: Delivery): Promise<Refusal | null> {
  const { verification } = settings
  if (verification === 'none') return null
  const secrets = delivery.secrets.filter((secret) => secret.length >= minSecretLength)
  if (secrets.length === 0) return 'no_secret'
  const refusal = await verifyBy(settings, { ...delivery, secrets })
  const isOnSecret = refusal === 'wrong_signature' || refusal === 'wrong_credentials'
  const isUnusable = (secret: string) => secretProblem(verification, secret) !== undefined
  return isOnSecret && secrets.every(isUnusable) ? 'unusable_secret' : refusal
}

async function verifyBy(settings: WebhookSettings, safe: Delivery): Promise<Refusal | null> {
  const { verification } = settings
  switch (verification) {
    case 'none':
      return null
    case 'standard':
      return verifyStandard(safe)
    case 'github':
      return verifyBodyHmac(github, safe)
    case 'shopify':
      return verifyBodyHmac(shopify, safe)
    case 'hmac':
      return verifyBodyHmac(
        { header: settings.signatureHeader, encoding: settings.signatureEncoding, prefix: settings.signaturePrefix },
        safe,
      )
    case 'stripe':
      return verifyStripe(safe)
    case 'slack':
      return verifySlack(safe)
    case 'basic':
      return verifyBasic(safe)
    case 'header':
      return verifyHeader(settings.tokenHeader, safe)
    default:
      return unreachable(verification)
  }
}
