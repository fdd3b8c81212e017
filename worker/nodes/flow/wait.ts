import { z } from 'zod'
import type { JsonObject } from '../../contract/json.ts'
import { parseDuration } from '../../lib/duration.ts'
import { defineInline, type ParamProblem } from '../define.ts'
import { compileParams } from '../params/compile-params.ts'
import { field } from '../params/field.ts'
import { holdsExpression } from '../params/holds-expression.ts'
import { invalidParam, parseParams } from '../params/parse-params.ts'
import { out } from '../ports.ts'
import { parseInstant } from './parse-instant.ts'

/** As long as an execution may last. */
const maxWaitMs = 365 * 86_400_000

const waitParams = z.strictObject({
  mode: z
    .enum(['duration', 'until'])
    .default('duration')
    .meta(
      field({
        title: 'Wait',
        control: 'select',
        labels: { duration: 'For a time', until: 'Until a date' },
        expressions: false,
      }),
    ),
  duration: z
    .string()
    .max(4_096)
    .default('')
    .meta(
      field({
        title: 'How long',
        description: 'Such as 30 minutes, 1h 30m, 2 days. A number alone is seconds.',
        control: 'duration',
        placeholder: '1 hour',
        showWhen: { mode: 'duration' },
      }),
    ),
  until: z
    .string()
    .max(4_096)
    .default('')
    .meta(
      field({
        title: 'Until',
        description: 'A date and time. One that has passed goes on at once.',
        control: 'dateTime',
        placeholder: '{{ trigger.body.startsAt }}',
        showWhen: { mode: 'until' },
      }),
    ),
  timeZone: z
    .string()
    .max(80)
    .default('UTC')
    .meta(
      field({
        title: 'Time zone',
        description: 'Of a date that does not say its own.',
        control: 'timeZone',
        showWhen: { mode: 'until' },
      }),
    ),
})

export const wait = defineInline({
  type: 'flow.wait',
  title: 'Wait',
  description: 'Goes on after a time, or at a date.',
  family: 'flow',
  icon: 'clock',
  aliases: ['delay', 'sleep', 'pause', 'timer', 'until', 'schedule'],
  params: waitParams,
  defaultParams: { mode: 'duration', duration: '1 hour' },
  check: checkWait,
  ports: [out],
  summary: '{duration}{until}',
  compile(node) {
    const resolve = compileParams(waitParams, node.params)
    return {
      kind: 'wait',
      until(scope) {
        const { mode, duration, until, timeZone } = resolve(scope).params
        const instant = mode === 'duration' ? instantAfter(duration, scope.now) : parseInstant(until, timeZone)
        if (instant === null)
          throw invalidParam(mode, mode === 'duration' ? noDuration(duration) : noDate(until, timeZone))
        if (instant - scope.now > maxWaitMs) throw invalidParam(mode, tooLong)
        return instant
      },
    }
  },
})

/** The instant that lies a span of time after `now`, or null when the text writes none. */
function instantAfter(duration: string, now: number): number | null {
  const ms = /^\s*\d+(?:\.\d+)?\s*$/.test(duration) ? Number(duration) * 1_000 : parseDuration(duration)
  return ms === undefined ? null : now + ms
}

const tooLong = 'is more than 365 days away, which is the longest a workflow can wait'

function noDuration(text: string): string {
  return text.trim() === '' ? 'is missing' : `is no span of time, such as 2 hours: "${text.slice(0, 80)}"`
}

function noDate(text: string, timeZone: string): string {
  if (parseInstant('2000-01-01', timeZone) === null) return `has an unknown time zone: "${timeZone.slice(0, 80)}"`
  return text.trim() === '' ? 'is missing' : `is no date: "${text.slice(0, 80)}"`
}

/** What constant params say wrongly; those with expressions are known only when the step runs. */
function checkWait(given: JsonObject): ParamProblem[] {
  const { params } = parseParams(waitParams, given)
  const { mode, duration, until, timeZone } = params
  const say = (title: string, what: string, path = mode as string): ParamProblem[] => [
    { severity: 'error', code: 'param.invalid', message: `${title} ${what}.`, path: [path] },
  ]
  if (mode === 'duration') {
    if (holdsExpression(duration)) return []
    const instant = instantAfter(duration, 0)
    if (instant === null) return say('How long', noDuration(duration))
    return instant > maxWaitMs ? say('How long', tooLong) : []
  }
  if (holdsExpression(timeZone)) return []
  if (parseInstant('2000-01-01', timeZone) === null)
    return say('Time zone', `is unknown: "${timeZone.slice(0, 80)}"`, 'timeZone')
  return holdsExpression(until) || parseInstant(until, timeZone) !== null ? [] : say('Until', noDate(until, timeZone))
}
