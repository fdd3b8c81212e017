import type { Effect } from '#contract/effect.ts'

/** What became of one attempt of an effect. */
export const outcomeWords: Readonly<Record<Effect['attempts'][number]['outcome'], string>> = {
  in_flight: 'on its way',
  succeeded: 'succeeded',
  failed: 'answered, and failed',
  not_sent: 'not sent',
  unknown: 'may have happened',
}
