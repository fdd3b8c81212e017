import type { ConditionGroup } from '../../contract/condition.ts'
import type { Problem } from '../../contract/problem.ts'
import { checkConditions } from '../../expressions/index.ts'
import { emptyConditions } from '../params/empty-conditions.ts'
import { unfinished, unfinishedComparisons } from '../params/unfinished-comparisons.ts'
import { nodesAfterEnd } from './after-end.ts'
import type { GraphIndex } from './graph-index.ts'
import { ownersIn } from './inside-of.ts'

/** What is wrong with who may enter a workflow, and with its goals. Paths are `settings.enrolment…`, `settings.goals.2…`. */
export function checkEnrolment(index: GraphIndex): Problem[] {
  const { enrolment = {}, goals = [] } = index.graph.settings ?? {}
  const { entryConditions, exitConditions, limit, windowMs, removeOnGoal } = enrolment
  const at = ['settings', 'enrolment']
  return [
    ...checkGroup(entryConditions, [...at, 'entryConditions'], 'trigger'),
    ...checkGroup(exitConditions, [...at, 'exitConditions'], 'event'),
    ...(windowMs !== undefined && limit === undefined
      ? [say('enrolment.window', 'A window limits nothing without a number of enrolments.', [...at, 'windowMs'])]
      : []),
    ...(removeOnGoal === true && goals.length === 0
      ? [say('enrolment.no_goal', 'There is no goal to leave by. Add one.', [...at, 'removeOnGoal'], 'warning')]
      : []),
    ...checkGoals(index),
  ]
}

function checkGoals(index: GraphIndex): Problem[] {
  const { goals = [] } = index.graph.settings ?? {}
  return goals.flatMap(({ id, name, conditions, onAchievement, goTo }, at) => {
    const path = ['settings', 'goals', at]
    const isDouble = goals.findIndex((goal) => goal.id === id) < at
    return [
      ...(isDouble ? [say('goal.duplicate_id', `Two goals have the key “${id}”.`, [...path, 'id'])] : []),
      ...checkGroup(conditions, [...path, 'conditions'], 'event'),
      ...(onAchievement === 'goto' ? checkTarget(index, name, goTo, [...path, 'goTo']) : []),
    ]
  })
}

function checkTarget(index: GraphIndex, goal: string, goTo: string | undefined, path: Path): Problem[] {
  if (goTo === undefined) return [say('goal.no_target', `Choose the step to which “${goal}” leads.`, path)]
  const target = index.nodes.get(goTo)
  if (target === undefined) return [say('goal.unknown_target', `There is no step “${goTo}”.`, path)]
  const title = target.node.name
  if (target.definition?.kind === 'trigger')
    return [say('goal.target_trigger', `“${title}” starts the workflow. Choose a step after it.`, path)]
  if (nodesAfterEnd(index).has(goTo))
    return [
      say('goal.target_after_end', `“${title}” is done only after the workflow failed. Choose another step.`, path),
    ]
  const owner = ownersIn(index).find(({ inside, after }) => inside.has(goTo) && !after.has(goTo))
  if (owner === undefined) return []
  const message = `“${title}” lies inside “${owner.owner.node.name}”. A goal can lead to that step itself, or to one outside.`
  return [say('goal.target_inside', message, path)]
}

type Path = readonly (string | number)[]

function checkGroup(group: ConditionGroup | undefined, path: Path, root: 'trigger' | 'event'): Problem[] {
  if (group === undefined) return []
  const empty = emptyConditions(group, path)
  const wrong = checkConditions(group, { knownRoots: [root, 'contact', 'now'] })
  return [
    ...empty.map(({ code, message, path }) => say(code, message, path, 'warning')),
    ...unfinishedComparisons(group).map((at) => say(unfinished.code, unfinished.message, [...path, ...at])),
    ...wrong.map((error) => ({
      ...say(error.code, error.message, [...path, ...(error.path ?? [])]),
      ...(error.position === undefined ? {} : { position: error.position.offset }),
    })),
  ]
}

function say(code: string, message: string, path: Path, severity: Problem['severity'] = 'error'): Problem {
  return { severity, code, message, path: path.join('.') }
}
