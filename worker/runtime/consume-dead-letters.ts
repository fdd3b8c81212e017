/**
 * Messages the queue gave up on. Nothing is lost by it: what they spoke of lies in an inbox or in an execution's
 * object, which sends it again until somebody confirms. So it is enough to say that it happened.
 */
export function consumeDeadLetters(batch: MessageBatch): void {
  for (const { id, body, attempts } of batch.messages) {
    console.error({
      message: 'dead letter',
      queue: batch.queue,
      id,
      attempts,
      body: JSON.stringify(body).slice(0, 500),
    })
  }
  batch.ackAll()
}
