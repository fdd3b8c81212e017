import type { Graph } from '../../contract/graph.ts'

/**
 * The workflow of the demo organization: greets a lead that a webhook brings and says what happens next, by its score.
 *
 *   lead ─► details ─► level ─┬ hot ──► hot ──┐
 *                             ├ warm ─► warm ─┼─► answer
 *                             └ default ► cold ┘
 */
export const sampleWorkflow: { name: string; description: string; graph: Graph } = {
  name: 'Welcome a lead',
  description: 'A webhook brings a name and a score; the answer greets the lead and says what happens next.',
  graph: {
    version: 1,
    variables: { next: '', days: 0 },
    nodes: [
      {
        id: 'lead',
        type: 'trigger.webhook',
        name: 'A lead comes in',
        position: { x: 0, y: 160 },
        params: { methods: ['POST'], verification: 'none', respond: 'finished', finishedBody: 'output' },
      },
      {
        id: 'details',
        type: 'data.set',
        name: 'Tidy up',
        position: { x: 312, y: 160 },
        params: {
          fields: [
            { name: 'name', value: '{{ coalesce(trigger.body?.name, "friend").trim().titleCase() }}' },
            { name: 'score', value: '{{ number(coalesce(trigger.body?.score, 0)).clamp(0, 100) }}' },
          ],
        },
      },
      {
        id: 'level',
        type: 'flow.switch',
        name: 'How warm?',
        position: { x: 624, y: 160 },
        params: {
          value: 'steps.details.score',
          cases: [
            { port: 'hot', label: 'Hot', conditions: atLeast(70) },
            { port: 'warm', label: 'Warm', conditions: atLeast(40) },
          ],
        },
      },
      next('hot', 'Call today', 0, { next: 'We call you today.', days: 0 }),
      next('warm', 'Send the guide', 160, { next: 'We send you our guide.', days: 2 }),
      next('cold', 'Keep in touch', 320, { next: 'We write when there is news.', days: 30 }),
      {
        id: 'answer',
        type: 'data.set',
        name: 'Answer',
        position: { x: 1248, y: 160 },
        params: {
          fields: [
            { name: 'message', value: 'Hello {{ steps.details.name }}! {{ vars.next }}' },
            { name: 'score', value: '{{ steps.details.score }}' },
            { name: 'level', value: '{{ steps.level.case == "default" ? "cold" : steps.level.case }}' },
            { name: 'by', value: '{{ now.add(vars.days, "days").isoDate() }}' },
          ],
        },
      },
    ],
    edges: [
      edge('lead', 'out', 'details'),
      edge('details', 'out', 'level'),
      edge('level', 'hot', 'hot'),
      edge('level', 'warm', 'warm'),
      edge('level', 'default', 'cold'),
      edge('hot', 'out', 'answer'),
      edge('warm', 'out', 'answer'),
      edge('cold', 'out', 'answer'),
    ],
  },
}

function atLeast(score: number) {
  return {
    operator: 'AND',
    conditions: [{ field: 'steps.details.score', operator: 'greater_or_equal', value: score }],
  }
}

function next(id: string, name: string, y: number, values: { next: string; days: number }): Graph['nodes'][number] {
  const fields = Object.entries(values).map(([key, value]) => ({ name: key, value }))
  return { id, type: 'data.set', name, position: { x: 936, y }, params: { storeAs: 'variables', fields } }
}

function edge(source: string, sourcePort: string, target: string): Graph['edges'][number] {
  return { id: `${source}-${sourcePort}-${target}`, source, sourcePort, target }
}
