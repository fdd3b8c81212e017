import { z } from 'zod'
import { StepFailure } from '../../engine/behaviour.ts'
import { parseDuration } from '../../lib/duration.ts'
import { defineInline } from '../define.ts'
import { compileParams } from '../params/compile-params.ts'
import { field } from '../params/field.ts'
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
  ports: [out],
  summary: '{duration}{until}',
  compile(node) {
    const resolve = compileParams(waitParams, node.params)
    return {
      kind: 'wait',
      until(scope) {
        const { mode, duration, until, timeZone } = resolve(scope).params
        const instant = mode === 'duration' ? scope.now + durationMs(duration) : instantMs(until, timeZone)
        if (instant - scope.now > maxWaitMs) {
          throw invalid(mode, 'is more than 365 days away, which is the longest a workflow can wait')
        }
        return instant
      },
    }
  },
})

function durationMs(text: string): number {
  const ms = /^\s*\d+(?:\.\d+)?\s*$/.test(text) ? Number(text) * 1_000 : parseDuration(text)
  if (ms === undefined) throw invalid('duration', `is no span of time: "${text.slice(0, 80)}"`)
  return ms
}

function instantMs(text: string, timeZone: string): number {
  const ms = parseInstant(text, timeZone)
  if (ms === null) throw invalid('until', `is no date: "${text.slice(0, 80)}"`)
  return ms
}

function invalid(param: string, what: string): StepFailure {
  return new StepFailure({
    kind: 'terminal',
    code: 'params.invalid',
    message: `The param "${param}" ${what}.`,
    details: { param },
  })
}
