import { describe, expect, test } from 'vitest'
import { refusalOf } from '../../worker/engine/control/may-control.ts'
import type { GateRef } from '../../worker/engine/event.ts'
import { canRedrive } from '../../worker/engine/receive.ts'
import { project } from '../../worker/engine/projection.ts'
import { call, wait } from './support/draw.ts'
import { refused } from './support/failures.ts'
import { play, type Play } from './support/play.ts'
import { onFailure } from './support/undo.ts'

const debounce: GateRef = { gate: 'debounce', key: null }
const throttle: GateRef = { gate: 'throttle', key: null }
const concurrency: GateRef = { gate: 'concurrency', key: 'acme' }
const by = 'usr_ada'
const full = { kind: 'terminal', code: 'concurrency.queue_full', message: 'Too many wait.' } as const

const letter = { edges: 'start > send > after', nodes: { send: call() } }
const begin = (execution: Play, ...gates: GateRef[]) =>
  execution.turn({ type: 'start', trigger: { nodeId: 'start', kind: 'event', data: { n: 1 } }, gates })

describe('an execution that has gates to pass', () => {
  test('begins nothing before the last one, and its time runs from there', () => {
    const execution = begin(play(letter), debounce, throttle, concurrency)
    expect(execution.outstanding).toMatchObject({ invocations: [], wakeAt: null, gate: debounce })
    execution.until(7_200_000).turn({ type: 'passGate', gate: 'debounce' }).turn({ type: 'wake' })
    expect([execution.status, execution.outstanding.gate]).toEqual(['queued', throttle])
    execution.turn({ type: 'passGate', gate: 'throttle' })
    expect(project(execution.entries)).toMatchObject({
      status: 'queued',
      gate: concurrency,
      trigger: { data: { n: 1 } },
    })
    execution.turn({ type: 'passGate', gate: 'concurrency' })
    expect([execution.status, execution.keys, execution.outstanding.gate]).toEqual(['running', ['send/1'], undefined])
    execution.succeed('send')
    const { durationMs, gate } = project(execution.entries)
    expect([execution.status, durationMs, gate]).toEqual(['completed', 0, undefined])
  })

  test('passes them one after the other: a word of another gate, twice or late changes nothing', () => {
    const execution = begin(play(letter), throttle, concurrency)
    const { length } = execution.entries
    execution.turn({ type: 'passGate', gate: 'concurrency' }).turn({ type: 'passGate', gate: 'debounce' })
    expect(execution.entries).toHaveLength(length)
    execution.turn({ type: 'passGate', gate: 'throttle' }).turn({ type: 'passGate', gate: 'throttle' })
    expect(execution.entries).toHaveLength(length + 1)
    execution.turn({ type: 'passGate', gate: 'concurrency' }).turn({ type: 'refuse', failure: full })
    expect(execution.status).toBe('running')
  })

  test('ends as skipped when it is refused, says why, and can be tried again', () => {
    const execution = begin(play(letter), concurrency).turn({ type: 'refuse', failure: full })
    expect(project(execution.entries)).toMatchObject({ status: 'skipped', failure: full, steps: [], output: null })
    expect(canRedrive(execution.state)).toBe(true)
    execution.turn({ type: 'redrive', by })
    expect([execution.status, execution.outstanding.gate]).toEqual(['queued', concurrency])
    expect(execution.turn({ type: 'passGate', gate: 'concurrency' }).succeed('send').status).toBe('completed')
  })

  test('can be cancelled, and nothing else can be done to it', () => {
    const execution = begin(play(letter), concurrency)
    expect(refusalOf(execution, { type: 'pause', by })).toBe('queued')
    expect(refusalOf(execution, { type: 'skipStep', by, path: 'start' })).toBe('queued')
    execution.turn({ type: 'pause', by }).turn({ type: 'cancel', by, reason: 'not needed' })
    expect([execution.status, execution.outstanding.gate]).toEqual(['cancelled', undefined])
  })

  test('asks again after a crash', () => {
    const execution = begin(play(letter), concurrency).crash().turn({ type: 'recover' })
    expect([execution.status, execution.outstanding.gate]).toEqual(['queued', concurrency])
  })
})

describe('a redrive', () => {
  test('passes the gates that many share as whoever asks for it says, after its own', () => {
    const all: GateRef = { gate: 'organization', key: null }
    const execution = begin(play({ edges: 'start > send', nodes: { send: call() } }), concurrency, all)
    execution.turn({ type: 'passGate', gate: 'organization' })
    expect(execution.outstanding.gate).toEqual(concurrency)
    execution.turn({ type: 'passGate', gate: 'concurrency' }).turn({ type: 'passGate', gate: 'organization' })
    expect([execution.state.place, execution.state.sharedPlaces]).toEqual([concurrency, [all]])
    execution.fail('send', refused).turn({ type: 'redrive', by, gates: [all] })
    expect(execution.state.gates).toEqual([concurrency, all])
    execution.turn({ type: 'passGate', gate: 'concurrency' }).turn({ type: 'passGate', gate: 'organization' })
    execution.crash().turn({ type: 'recover' })
    expect(execution.state.sharedPlaces).toEqual([all])

    const free = begin(play({ edges: 'start > send', nodes: { send: call() } }), all)
    free.turn({ type: 'passGate', gate: 'organization' }).fail('send', refused)
    // There is no limit any more.
    free.turn({ type: 'redrive', by })
    expect([free.status, free.state.sharedPlaces]).toEqual(['running', []])
  })

  test('waits for a place of its own kind, and keeps what was done', () => {
    const execution = begin(play({ edges: 'start > first > send', nodes: { send: call() } }), throttle, concurrency)
    execution.turn({ type: 'passGate', gate: 'throttle' }).turn({ type: 'passGate', gate: 'concurrency' })
    execution.fail('send', refused).turn({ type: 'redrive', by })
    expect([execution.status, execution.outstanding.gate]).toEqual(['queued', concurrency])
    execution.turn({ type: 'passGate', gate: 'concurrency' })
    expect([execution.status, execution.keys]).toEqual(['running', ['send/2']])
  })

  test('goes past what turned it away by when it came', () => {
    const execution = begin(play(letter), throttle)
      .turn({ type: 'refuse', failure: full })
      .turn({ type: 'redrive', by })
    expect([execution.status, execution.outstanding.gate]).toEqual(['running', undefined])
    expect(project(execution.entries).status).toBe('running')
    expect(execution.succeed('send').status).toBe('completed')
  })

  test('that is not let in leaves it failed, with the reason, and can be asked for again', () => {
    const execution = begin(play(letter), concurrency).turn({ type: 'passGate', gate: 'concurrency' })
    execution.fail('send', refused).turn({ type: 'redrive', by }).turn({ type: 'refuse', failure: full })
    expect(project(execution.entries)).toMatchObject({ status: 'failed', failure: full })
    expect(execution.turn({ type: 'redrive', by }).outstanding.gate).toEqual(concurrency)
  })

  test('a wait that was under way keeps its instant through the queue', () => {
    const execution = begin(
      play({ edges: 'start > nap', nodes: { nap: wait(({ now }) => now + 60_000) } }),
      concurrency,
    )
    execution.turn({ type: 'passGate', gate: 'concurrency' }).turn({ type: 'cancel', by, reason: '' })
    execution.turn({ type: 'redrive', by }).until(90_000)
    expect(execution.status).toBe('queued')
    expect(execution.turn({ type: 'passGate', gate: 'concurrency' }).until(90_000).status).toBe('completed')
  })
})

describe('what is done after a failure', () => {
  const handled = {
    edges: 'start > send; oops > tell',
    nodes: { send: call({ retry: { maxRetries: 0 } }), oops: onFailure(), tell: call() },
  }
  const failed = () => {
    const execution = begin(play(handled), concurrency).turn({ type: 'passGate', gate: 'concurrency' })
    return execution.fail('send', refused).succeed('tell').turn({ type: 'redrive', by })
  }

  test('is not done for one that was never let in, or not let in again', () => {
    expect(begin(play(handled), concurrency).turn({ type: 'refuse', failure: full }).asked).toEqual([])
    const execution = failed().turn({ type: 'refuse', failure: full })
    expect([execution.status, execution.asked]).toEqual(['failed', ['send/1', 'tell/1']])
  })

  test('is done in the place of the one that failed, and again when it fails again', () => {
    const execution = failed()
    expect(execution.status).toBe('queued')
    execution.turn({ type: 'passGate', gate: 'concurrency' }).fail('send', refused)
    expect(execution.keys).toEqual(['tell#2/1'])
    expect(execution.succeed('tell#2').status).toBe('failed')
  })
})
