import type { TapRefusal } from '#contract/tap.ts'

/** Why a sender was not believed, as whoever sets the webhook up reads it: what to look at. */
const reasons: Readonly<Record<string, string>> = {
  no_secret: 'This webhook has no secret yet. Set it on the step.',
  unusable_secret: 'The secret that is set does not fit how senders are verified. Set another on the step.',
  missing_signature: 'It carried no signature or credential where the step expects one.',
  malformed_signature: 'Its signature is not written as the step expects it.',
  wrong_signature: 'Its signature does not fit its body and the secret that is set.',
  wrong_credentials: 'Its credential is not the one that is set.',
  missing_timestamp: 'It did not say when it was signed.',
  timestamp_outside_tolerance: 'It was signed more than five minutes ago, or by a clock that is wrong.',
}

/** Why a request was not taken. */
export function refusalWords({ reason, message }: Pick<TapRefusal, 'reason' | 'message'>): string {
  return (reason === undefined ? undefined : reasons[reason]) ?? message
}
