import type { Graph } from '../../contract/graph.ts'
import type { Problem } from '../../contract/problem.ts'
import { waitsByCalendar } from '../../nodes/reads-calendars.ts'
import type { Context } from '../context.ts'

/** An error for each node that waits by a calendar which is not there. */
export async function findMissingCalendars(
  { calendars }: Pick<Context, 'calendars'>,
  { nodes }: Graph,
): Promise<Problem[]> {
  if (!nodes.some(waitsByCalendar)) return []
  const known = new Set<unknown>((await calendars.list()).map(({ id }) => id))
  return nodes.flatMap((node, index): Problem[] => {
    const { calendar = '' } = node.params
    if (!waitsByCalendar(node) || known.has(calendar) || (calendar === '' && known.size > 0)) return []
    return [
      {
        severity: 'error',
        code: 'calendar.missing',
        message:
          calendar === ''
            ? 'There is no business calendar yet. Add one under Settings.'
            : 'This calendar is not there any more. Choose another.',
        path: `nodes.${index}.params.calendar`,
        nodeId: node.id,
      },
    ]
  })
}
