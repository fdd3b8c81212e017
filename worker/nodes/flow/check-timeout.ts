import { parseDuration } from '../../lib/duration.ts'
import type { ParamProblem } from '../define.ts'

/** What is wrong with the param `timeout`, the longest that a step may wait for what it began. Nothing where it is empty. */
export function checkTimeout(timeout: string): ParamProblem[] {
  if (timeout.trim() === '' || parseDuration(timeout) !== undefined) return []
  const message = `At most is no span of time such as 2 hours: “${timeout}”.`
  return [{ severity: 'error', code: 'param.invalid', message, path: ['timeout'] }]
}
