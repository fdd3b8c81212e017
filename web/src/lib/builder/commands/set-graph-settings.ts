import type { Graph, GraphSettings } from '#contract/graph.ts'
import type { JsonObject } from '#contract/json.ts'
import { defineCommand } from './command.ts'

/** Sets what holds for the whole workflow: its settings and the first values of its variables. */
export const setGraphSettings = defineCommand<{
  settings: GraphSettings | undefined
  variables: JsonObject | undefined
}>({
  name: 'setGraphSettings',
  label: 'change workflow settings',
  coalesce: () => 'graphSettings',
  perform(graph, { settings, variables }) {
    const { settings: _settings, variables: _variables, ...bare } = graph
    const next: Graph = {
      ...bare,
      ...(isEmpty(settings) ? {} : { settings }),
      ...(isEmpty(variables) ? {} : { variables }),
    }
    return JSON.stringify(next) === JSON.stringify(graph) ? graph : next
  },
})

function isEmpty(value: object | undefined): boolean {
  return value === undefined || Object.keys(value).length === 0
}
