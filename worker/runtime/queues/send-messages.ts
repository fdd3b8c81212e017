import type { InboxRefs } from './messages.ts'

/** The platform's limit. A hundred messages without records are far below its other one of 256 KB. */
const maxMessagesPerSend = 100

/**
 * Sends messages about entries of an inbox. Messages that carry records are large and go one by one; those that only name
 * entries go together.
 */
export async function sendMessages<Message extends InboxRefs & { records?: string }>(
  queue: Queue<Message>,
  messages: readonly Message[],
): Promise<void> {
  for (const message of messages) if (message.records !== undefined) await queue.send(message)
  const bare = messages.filter(({ records }) => records === undefined)
  for (let from = 0; from < bare.length; from += maxMessagesPerSend) {
    const [first, ...others] = bare.slice(from, from + maxMessagesPerSend)
    if (others.length === 0) await queue.send(first!)
    else await queue.sendBatch([first!, ...others].map((body) => ({ body })))
  }
}
