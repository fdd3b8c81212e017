import { describe, expect, test } from 'vitest'
import type { Evidence, SeenExecution } from '../../scripts/prove/kill/evidence.ts'
import { judge } from '../../scripts/prove/kill/judge.ts'
import type { SinkCall } from '../../scripts/prove/sink/ledger.ts'

// One event for two workflows. `calling` calls before, waits 300 ms, and calls after; `silent` calls nobody.

const calls = [{ step: 'before' }, { step: 'after', after: 'before', waitMs: 300 }]

function call(number: number, at: number, step: string, change: Partial<SinkCall> = {}): SinkCall {
  const body = { event: 'e1', program: 'calling', step }
  return { number, at, method: 'POST', address: '/ok', key: `fx_${step}`, body, end: answered(at + 5), ...change }
}

const answered = (at: number, status = 200) => ({ at, kind: 'answered' as const, status })

function execution(program: string, change: Partial<SeenExecution> = {}): SeenExecution {
  const steps = program === 'calling' ? ['before', 'after'] : []
  return {
    id: `exe_${program}`,
    program,
    event: 'e1',
    status: 'completed',
    listedStatus: 'completed',
    steps: steps.map((path) => ({ path, status: 'completed', attempt: 1, idempotencyKey: `fx_${path}` })),
    ...change,
  }
}

function evidence(change: Partial<Evidence> = {}): Evidence {
  return {
    sent: [
      {
        event: 'e1',
        starts: [
          { program: 'calling', calls },
          { program: 'silent', calls: [] },
        ],
      },
    ],
    acknowledged: [{ event: 'e1', at: 1_000, executionIds: ['exe_calling', 'exe_silent'] }],
    refused: [],
    calls: [call(1, 1_010, 'before'), call(2, 1_320, 'after')],
    outages: [],
    executions: [execution('calling'), execution('silent')],
    ...change,
  }
}

/** What the judge says, in a word each. */
const verdict = (change: Partial<Evidence>) => judge(evidence(change)).violations.map(({ oracle }) => oracle)

test('nothing is wrong with what is right', () => {
  expect(judge(evidence())).toEqual({ violations: [], repeated: { afterFailure: 0, afterOutage: 0 } })
})

describe('I1: an acknowledged event runs exactly once per workflow', () => {
  test('an execution that is missing is found', () => {
    expect(verdict({ executions: [execution('calling')] })).toEqual(['I1', 'I1'])
  })

  test('an execution too many is found', () => {
    expect(verdict({ executions: [...evidence().executions, execution('silent', { id: 'exe_other' })] })).toEqual([
      'I1',
    ])
  })

  test('an execution of a workflow that does not listen is found', () => {
    expect(verdict({ executions: [...evidence().executions, execution('stranger')] })).toEqual(['I1'])
  })

  test('an execution of an event that nobody sent is found', () => {
    const ghost = execution('silent', { id: 'exe_ghost', event: 'e2' })
    expect(verdict({ executions: [...evidence().executions, ghost] })).toEqual(['I1'])
  })

  test('a redelivery that was told of another execution is found', () => {
    const [first] = evidence().acknowledged
    const other = { ...first!, executionIds: ['exe_calling', 'exe_other'] }
    expect(verdict({ acknowledged: [first!, other] })).toEqual(['I1'])
  })

  test('an event that was refused is found', () => {
    expect(verdict({ refused: [{ event: 'e1', what: '502 hook.failed' }] })).toEqual(['I1'])
  })

  test('a wrong answer is found', () => {
    const [first] = evidence().acknowledged
    expect(verdict({ acknowledged: [{ ...first!, answer: { given: { twice: 3 }, expected: { twice: 4 } } }] })).toEqual(
      ['I1'],
    )
  })

  test('an event that nobody acknowledged may have run or not, but not twice', () => {
    expect(verdict({ acknowledged: [], executions: [], calls: [] })).toEqual([])
    expect(verdict({ acknowledged: [] })).toEqual([])
    expect(
      verdict({ acknowledged: [], executions: [...evidence().executions, execution('silent', { id: 'exe_other' })] }),
    ).toEqual(['I1'])
  })
})

describe('I3, I8, I11: executions end well, once, and as the list says', () => {
  test('one that is not over is found', () => {
    expect(verdict({ executions: [execution('calling'), execution('silent', { status: 'running' })] })).toEqual([
      'I8',
      'I11',
    ])
  })

  test('a list that says something else is found', () => {
    expect(verdict({ executions: [execution('calling'), execution('silent', { listedStatus: 'waiting' })] })).toEqual([
      'I11',
    ])
  })

  test('a step that was completed twice is found', () => {
    const [step] = execution('calling').steps
    const twice = execution('silent', { steps: [step!, step!] })
    expect(verdict({ executions: [execution('calling'), twice] })).toEqual(['I3'])
  })
})

describe('I4: each effect happens, under one key, and again only where nobody can know', () => {
  test('a call that was never made is found', () => {
    expect(verdict({ calls: [call(1, 1_010, 'before')] })).toEqual(['I4'])
  })

  test('a call that nothing asked for is found', () => {
    expect(verdict({ calls: [...evidence().calls, call(3, 1_400, 'surprise')] })).toEqual(['I4'])
  })

  test('a call for an event that nobody sent is found', () => {
    const stray = call(3, 1_400, 'before', { body: { event: 'e9', program: 'calling', step: 'before' } })
    expect(verdict({ calls: [...evidence().calls, stray] })).toEqual(['I4'])
  })

  test('a second key for one effect is found, outage or not', () => {
    const again = [call(1, 1_010, 'before'), call(2, 1_200, 'before', { key: 'fx_other' }), call(3, 1_600, 'after')]
    expect(verdict({ calls: again, outages: [{ killedAt: 1_012, restartedAt: 1_100 }] })).toEqual(['I4'])
  })

  test('a call without a key is found', () => {
    expect(verdict({ calls: [call(1, 1_010, 'before', { key: null }), call(2, 1_320, 'after')] })).toEqual(['I4', 'I4'])
  })

  test('a call that was made again for no reason is found', () => {
    expect(verdict({ calls: [call(1, 1_010, 'before'), call(2, 1_020, 'before'), call(3, 1_400, 'after')] })).toEqual([
      'I4',
    ])
  })

  test('a call that was made again long after its answer is found, although there was an outage later', () => {
    const late = [call(1, 1_010, 'before'), call(2, 9_200, 'before'), call(3, 9_600, 'after')]
    expect(verdict({ calls: late, outages: [{ killedAt: 9_000, restartedAt: 9_100 }] })).toEqual(['I4'])
  })

  test('a call that an outage may have cut off may be made again under its key', () => {
    const again = [call(1, 1_010, 'before', { end: { at: 1_012, kind: 'unanswered' } }), call(2, 1_200, 'before')]
    const judged = judge(
      evidence({ calls: [...again, call(3, 1_600, 'after')], outages: [{ killedAt: 1_012, restartedAt: 1_100 }] }),
    )
    expect(judged).toEqual({ violations: [], repeated: { afterFailure: 0, afterOutage: 1 } })
  })

  test('a call that failed or was dropped may be made again', () => {
    const failed = call(1, 1_010, 'before', { end: answered(1_011, 500) })
    const dropped = call(2, 1_100, 'before', { end: { at: 1_101, kind: 'dropped' } })
    const judged = judge(evidence({ calls: [failed, dropped, call(3, 1_200, 'before'), call(4, 1_600, 'after')] }))
    expect(judged).toEqual({ violations: [], repeated: { afterFailure: 2, afterOutage: 0 } })
  })
})

describe('I5, I7: steps keep their order and their waits', () => {
  test('a call before the one it follows is found', () => {
    expect(verdict({ calls: [call(1, 1_000, 'after'), call(2, 1_010, 'before')] })).toEqual(['I5'])
  })

  test('a call that was repeated after the next step began is found', () => {
    const again = [
      call(1, 1_010, 'before', { end: { at: 1_012, kind: 'unanswered' } }),
      call(2, 1_320, 'after'),
      call(3, 1_400, 'before'),
    ]
    expect(verdict({ calls: again, outages: [{ killedAt: 1_012, restartedAt: 1_100 }] })).toEqual(['I5'])
  })

  test('a wait that was cut short is found', () => {
    expect(verdict({ calls: [call(1, 1_010, 'before'), call(2, 1_309, 'after')] })).toEqual(['I7'])
  })
})
