import type { InboxRefs } from './messages.ts'

/** What a send takes. A hundred messages that carry nothing are far below its 256 KB. */
const maxMessagesPerSend = 100

/**
 * Tells a queue of entries of an inbox. Messages that carry records go one by one, each being large enough for a send
 * of its own; those that only name entries go together.
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
