import { defineInline } from '../define.ts'
import { compileParams } from '../params/compile-params.ts'
import { out } from '../ports.ts'
import { checkWait } from './wait-check.ts'
import { waitInstant } from './wait-instant.ts'
import { waitParams } from './wait-params.ts'

export const wait = defineInline({
  type: 'flow.wait',
  title: 'Wait',
  description: 'Goes on after a time, at a date, on a weekday, in business hours or when quiet hours are over.',
  family: 'flow',
  icon: 'clock',
  aliases: [
    'delay',
    'sleep',
    'pause',
    'timer',
    'until',
    'schedule',
    'business hours',
    'quiet hours',
    'random',
    'weekday',
  ],
  params: waitParams,
  defaultParams: { mode: 'duration', duration: '1 hour' },
  check: checkWait,
  ports: [out],
  summary:
    '{duration}[Until {until}][Until {weekdays} {time}][{amount} ]{count}[hoursIn=contact:, contact’s time]' +
    '[Not from {quietFrom} to {quietTo}][{atLeast} to {atMost}][, {timeZone}][zone=contact:, contact’s time]',
  sampleOutput: { until: '2026-01-15T09:00:00.000Z' },
  compile(node, surroundings) {
    const resolve = compileParams(waitParams(), node.params)
    return {
      kind: 'wait',
      until(scope, path = node.id) {
        const { params } = resolve(scope)
        const instant = waitInstant({ params, scope, path, surroundings })
        const skips = params.mode === 'until' && params.whenPast === 'skip' && instant < scope.now
        // A port no edge can leave from: the branch ends, and the execution page says why.
        return skips ? { output: { until: new Date(instant).toISOString(), passed: true }, port: 'passed' } : instant
      },
    }
  },
})
