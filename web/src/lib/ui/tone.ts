/** The five things a colour may mean. */
export type Tone = 'ok' | 'running' | 'waiting' | 'failed' | 'neutral'
