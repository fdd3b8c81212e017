/** Every state of an effect; `EffectState` says what each means. */
export const effectStates = [
  'in_flight',
  'deferred',
  'retrying',
  'done',
  'failed',
  'not_sent',
  'unknown',
  'recalled',
] as const
