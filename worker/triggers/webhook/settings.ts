/** How a hook receives: the params of its trigger node, checked and with their defaults. */
export interface WebhookSettings {
  methods: readonly string[]
  verification: 'none' | 'standard' | 'github' | 'stripe' | 'slack' | 'shopify' | 'hmac' | 'basic' | 'header'
  signatureHeader: string
  signatureEncoding: 'hex' | 'base64'
  signaturePrefix: string
  tokenHeader: string
}

/** Whether senders must prove who they are, so that the hook cannot be opened before it has a secret. */
export function needsSecret(settings: Pick<WebhookSettings, 'verification'>): boolean {
  return settings.verification !== 'none'
}
