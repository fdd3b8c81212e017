import { parseClockTime } from '../../calendar/clock-time.ts'
import { endOfQuiet } from '../../calendar/quiet-hours.ts'
import { isZone } from '../../calendar/zone-time.ts'
import type { JsonObject } from '../../contract/json.ts'
import { unreachable } from '../../lib/unreachable.ts'
import type { ParamProblem } from '../define.ts'
import { holdsExpression } from '../params/holds-expression.ts'
import { parseParams } from '../params/parse-params.ts'
import { parseInstant } from './parse-instant.ts'
import {
  alwaysQuiet,
  durationMs,
  lessThanLeast,
  maxWaitMs,
  noDate,
  noDuration,
  noTime,
  noWeekday,
  tooLong,
} from './wait-instant.ts'
import { waitParams } from './wait-params.ts'

/** What constant params say wrongly; those with expressions are known only when the step begins. */
export function checkWait(given: JsonObject): ParamProblem[] {
  const { params } = parseParams(waitParams(), given)
  switch (params.mode) {
    case 'duration':
      return checkLength('How long', 'duration', params.duration)
    case 'until':
      return [
        ...checkZone(params),
        ...(holdsExpression(params.until) || parseInstant(params.until, 'UTC') !== null
          ? []
          : [problem('Until', noDate(params.until), 'until')]),
      ]
    case 'weekday':
      return [
        ...(params.weekdays.length === 0 ? [problem('On', noWeekday, 'weekdays')] : []),
        ...checkTime('At', 'time', params.time),
        ...checkZone(params),
      ]
    case 'businessHours':
      return params.count === 'days' && !Number.isInteger(params.amount)
        ? [problem('How many', 'must be a whole number of days', 'amount')]
        : []
    case 'quietHours': {
      const { quietFrom, quietTo, quietDays } = params
      const problems = [
        ...checkTime('Quiet from', 'quietFrom', quietFrom),
        ...checkTime('Quiet until', 'quietTo', quietTo),
        ...checkZone(params),
      ]
      const [from, to] = [parseClockTime(quietFrom), parseClockTime(quietTo)]
      if (from === null || to === null) return problems
      const never = endOfQuiet({ zone: 'UTC', weekdays: quietDays, from, to }, 0) === null
      return never ? [...problems, problem('Quiet until', alwaysQuiet, 'quietTo')] : problems
    }
    case 'random': {
      const { atLeast, atMost } = params
      const problems = [...checkLength('At least', 'atLeast', atLeast), ...checkLength('At most', 'atMost', atMost)]
      const isTurned = (durationMs(atLeast) ?? 0) > (durationMs(atMost) ?? Infinity)
      return isTurned ? [...problems, problem('At most', lessThanLeast, 'atMost')] : problems
    }
    default:
      return unreachable(params.mode)
  }
}

function checkLength(title: string, param: string, text: string): ParamProblem[] {
  if (holdsExpression(text)) return []
  const ms = durationMs(text)
  if (ms === null) return [problem(title, noDuration(text), param)]
  return ms > maxWaitMs ? [problem(title, tooLong, param)] : []
}

function checkTime(title: string, param: string, text: string): ParamProblem[] {
  return holdsExpression(text) || parseClockTime(text) !== null ? [] : [problem(title, noTime(text), param)]
}

function checkZone({ zone, timeZone }: { zone: string; timeZone: string }): ParamProblem[] {
  if (zone !== 'fixed' || holdsExpression(timeZone) || isZone(timeZone)) return []
  return [problem('Time zone', `is unknown: "${timeZone.slice(0, 80)}"`, 'timeZone')]
}

function problem(title: string, what: string, param: string): ParamProblem {
  return { severity: 'error', code: 'param.invalid', message: `${title} ${what}.`, path: [param] }
}
