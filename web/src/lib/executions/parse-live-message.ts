import type { LiveMessage } from '#contract/live.ts'

/**
 * A message of an execution's socket. Only its outline is checked: it was made by the same release as this page, and
 * a page that stayed open over a release leaves alone what it does not know. Throws on anything else.
 */
export function parseLiveMessage(text: string): LiveMessage {
  const message: unknown = JSON.parse(text)
  if (!isLiveMessage(message)) throw new Error('This is no message of an execution that this page knows.')
  return message
}

function isLiveMessage(message: unknown): message is LiveMessage {
  if (typeof message !== 'object' || message === null || !('v' in message) || message.v !== 1) return false
  if (!('type' in message)) return false
  return message.type === 'pending' || (message.type === 'execution' && 'execution' in message)
}
