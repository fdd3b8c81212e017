import type { Graph } from '#contract/graph.ts'
import type { Problem } from '#contract/problem.ts'
import type { ProblemCount } from '#lib/graph/flow/to-flow.ts'
import { problemCounts } from './problem-counts.ts'

const checkAfterMs = 250

/** What is wrong with the graph on the screen, a moment after it changed. An answer for an older graph is dropped. */
export class Checks {
  #found: readonly Problem[] = $state.raw([])
  #checked: Graph | undefined
  #wanted: Graph | undefined
  #timer: ReturnType<typeof setTimeout> | undefined
  readonly #find: (graph: Graph) => Promise<readonly Problem[]>
  readonly #besides: () => readonly Problem[]

  readonly problems: readonly Problem[] = $derived.by(() => [...this.#found, ...this.#besides()])
  readonly counts: ReadonlyMap<string, ProblemCount> = $derived(problemCounts(this.problems))
  readonly errorCount: number = $derived(this.problems.filter(({ severity }) => severity === 'error').length)

  /**
   * `find` may reject: then what was known stays, and the next change asks again. `besides` gives what is wrong around
   * the graph, and may depend on state.
   */
  constructor(find: (graph: Graph) => Promise<readonly Problem[]>, besides: () => readonly Problem[] = () => []) {
    this.#find = find
    this.#besides = besides
  }

  /** The graph on the screen is now this. */
  check(graph: Graph): void {
    if (graph === this.#wanted) return
    this.#wanted = graph
    clearTimeout(this.#timer)
    this.#timer = setTimeout(() => void this.#run(graph), this.#checked === undefined ? 0 : checkAfterMs)
  }

  close(): void {
    clearTimeout(this.#timer)
    this.#wanted = undefined
  }

  async #run(graph: Graph): Promise<void> {
    try {
      const problems = await this.#find(graph)
      if (graph !== this.#wanted) return
      this.#checked = graph
      this.#found = problems
    } catch {
      // The last answer is better than none; saving and publishing check again on the server.
    }
  }
}
