import type { Graph } from '#contract/graph.ts'

/**
 * A workflow to learn from: it runs at once, needs no account anywhere, and shows a trigger, an expression, a decision
 * and an answer.
 */
export const sampleWorkflow: { name: string; description: string; graph: Graph } = {
  name: 'Answer orders',
  description: 'A sample: takes an order by webhook, decides whether it is a large one, and answers the sender.',
  graph: {
    version: 1,
    nodes: [
      {
        id: 'order',
        type: 'trigger.webhook',
        name: 'An order comes in',
        position: { x: 0, y: 96 },
        params: { methods: ['POST'], verification: 'none', respond: 'node' },
      },
      {
        id: 'read',
        type: 'data.set',
        name: 'Read the order',
        position: { x: 288, y: 96 },
        params: {
          fields: [
            { name: 'customer', value: '{{ trigger.body.customer ?? "friend" }}' },
            { name: 'total', value: '{{ trigger.body.total ?? 0 }}' },
          ],
        },
      },
      {
        id: 'large',
        type: 'flow.if',
        name: 'Is it a large order?',
        position: { x: 576, y: 96 },
        params: {
          conditions: {
            operator: 'AND',
            conditions: [{ field: 'steps.read.total', operator: 'greater_or_equal', value: 100 }],
          },
        },
      },
      {
        id: 'thank',
        type: 'webhook.respond',
        name: 'Offer free shipping',
        position: { x: 864, y: 0 },
        params: {
          status: 200,
          body: { message: 'Thank you, {{ steps.read.customer }}. Shipping is on us.', freeShipping: true },
        },
      },
      {
        id: 'confirm',
        type: 'webhook.respond',
        name: 'Confirm the order',
        position: { x: 864, y: 192 },
        params: {
          status: 200,
          body: { message: 'Thank you, {{ steps.read.customer }}. Your order is on its way.', freeShipping: false },
        },
      },
    ],
    edges: [
      { id: 'order-read', source: 'order', sourcePort: 'out', target: 'read' },
      { id: 'read-large', source: 'read', sourcePort: 'out', target: 'large' },
      { id: 'large-thank', source: 'large', sourcePort: 'true', target: 'thank' },
      { id: 'large-confirm', source: 'large', sourcePort: 'false', target: 'confirm' },
    ],
  },
}
