import type { EnrolmentSettings, Goal } from '#contract/enrolment.ts'
import type { Graph } from '#contract/graph.ts'
import type { NodeTypeLookup } from './ports.ts'

/** What a node's card says besides itself: that not everybody enters here, or that a goal goes on here. */
export interface Badge {
  kind: 'entry' | 'goal'
  label: string
  /** The whole of it, in a sentence. */
  said: string
}

/** The badges of a graph, by node: on its triggers who may enter, on a step the goals that lead to it. */
export function enrolmentBadges(graph: Graph, lookup: NodeTypeLookup): ReadonlyMap<string, readonly Badge[]> {
  const { enrolment = {}, goals = [] } = graph.settings ?? {}
  const badges = new Map<string, Badge[]>()
  const rules = rulesOf(enrolment)
  const parts = [
    ...(rules.length > 0 ? ['Entry rules'] : []),
    ...(goals.length > 0 ? [goals.length === 1 ? '1 goal' : `${goals.length} goals`] : []),
  ]
  if (parts.length > 0) {
    const said = [
      ...(rules.length > 0 ? [`Who may enter: ${rules.join(', ')}.`] : []),
      ...(goals.length > 0 ? [`Goals: ${goals.map(outcomeOf).join('; ')}.`] : []),
    ].join(' ')
    const triggers = graph.nodes.filter(({ type }) => lookup(type)?.isTrigger === true)
    for (const { id } of triggers) badges.set(id, [{ kind: 'entry', label: parts.join(' · '), said }])
  }
  for (const [target, leading] of Map.groupBy(goals, targetOf)) {
    if (target === undefined) continue
    const names = leading.map(({ name }) => `“${name}”`).join(', ')
    const label = leading.length === 1 ? (leading[0]?.name ?? '') : `${leading.length} goals`
    const said = `Who reaches ${names} goes on here.`
    badges.set(target, [...(badges.get(target) ?? []), { kind: 'goal', label, said }])
  }
  return badges
}

function rulesOf(enrolment: EnrolmentSettings): string[] {
  const { entryConditions, exitConditions, allowMultiple, limit, reEnrolmentDelayMs, removeOnGoal } = enrolment
  const isSaid = (group: EnrolmentSettings['entryConditions']) => (group?.conditions.length ?? 0) > 0
  return [
    ...(isSaid(entryConditions) ? ['who meets the conditions'] : []),
    ...(limit === undefined ? [] : [limit === 1 ? 'once each' : `at most ${limit} times each`]),
    ...(allowMultiple === true ? ['several times at once'] : []),
    ...(reEnrolmentDelayMs === undefined ? [] : ['again only after a while']),
    ...(isSaid(exitConditions) ? ['until they meet the conditions to leave'] : []),
    ...(removeOnGoal === true ? ['until they reach a goal'] : []),
  ]
}

function outcomeOf({ name, onAchievement }: Goal): string {
  return onAchievement === 'exit' ? `“${name}” ends it` : `“${name}”`
}

function targetOf({ onAchievement, goTo }: Goal): string | undefined {
  return onAchievement === 'goto' ? goTo : undefined
}
