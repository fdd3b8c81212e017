// validate-graph
//
// Everything that is wrong with a graph, in words that say what to do. The builder asks it after each change and
// publishing asks it once more, so both always agree; it runs in the browser and in the Worker.
//
//   V1. Pure: the same graph has the same problems in the same order.
//   V2. A graph without errors compiles, and its edges lead from ports that exist to nodes that exist.
//   V3. Its work is bounded: a graph beyond the limits is told so and not looked at any further.

import type { Graph } from '../contract/graph.ts'
import { graphLimits } from '../contract/facts/graph.ts'
import type { Problem } from '../contract/problem.ts'
import { jsonLimits } from '../lib/parse-json.ts'
import { checkAftermath } from './validate/check-aftermath.ts'
import { checkAnswers } from './validate/check-answers.ts'
import { checkEdges } from './validate/check-edges.ts'
import { checkEnrolment } from './validate/check-enrolment.ts'
import { checkFlow } from './validate/check-flow.ts'
import { checkGates } from './validate/check-gates.ts'
import { checkInside } from './validate/check-inside.ts'
import { checkJumps } from './validate/check-jumps.ts'
import { checkMerges } from './validate/check-merges.ts'
import { checkNodes } from './validate/check-nodes.ts'
import { depthBeyond } from './validate/depth-beyond.ts'
import { indexGraph } from './validate/graph-index.ts'

/**
 * The problems of a graph: errors keep it from being published, warnings do not. `organization` names the variables of
 * the organization, where they are known.
 */
export function validateGraph(graph: Graph, organization?: readonly string[]): Problem[] {
  const tooLarge = checkSize(graph)
  if (tooLarge.length > 0) return tooLarge
  const index = indexGraph(graph, organization)
  return [
    ...checkFlow(index),
    ...checkAnswers(index),
    ...checkNodes(index),
    ...checkEdges(index),
    ...checkMerges(index),
    ...checkInside(index),
    ...checkJumps(index),
    ...checkEnrolment(index),
    ...checkAftermath(index),
    ...checkGates(index),
  ]
}

function checkSize(graph: Graph): Problem[] {
  const say = (message: string, path: string): Problem => ({
    severity: 'error',
    code: 'graph.too_large',
    message,
    path,
  })
  if (graph.nodes.length > graphLimits.nodes) {
    return [say(`The workflow has ${graph.nodes.length} nodes; at most ${graphLimits.nodes} are allowed.`, 'nodes')]
  }
  if (graph.edges.length > graphLimits.edges) {
    return [say(`The workflow has ${graph.edges.length} edges; at most ${graphLimits.edges} are allowed.`, 'edges')]
  }
  const tooDeep = graph.nodes.findIndex(({ params }) => depthBeyond(params, jsonLimits.depth))
  if (tooDeep >= 0) {
    return [
      say(
        `The params of “${graph.nodes[tooDeep]!.name}” are nested more than ${jsonLimits.depth} deep.`,
        `nodes.${tooDeep}.params`,
      ),
    ]
  }
  const bytes = new TextEncoder().encode(JSON.stringify(graph)).length
  if (bytes <= graphLimits.bytes) return []
  const kb = (size: number) => Math.ceil(size / 1024)
  return [say(`The workflow is ${kb(bytes)} kB large; at most ${kb(graphLimits.bytes)} kB are allowed.`, '')]
}
