import { describe, expect, test } from 'vitest'
import { TestExpectations, type TestStep } from '../../worker/contract/workflow-test.ts'
import { checkExpectations, type Shown } from '../../worker/usecases/test/check-expectations.ts'

const step = (nodeId: string, part: Partial<TestStep> = {}): TestStep => ({
  path: nodeId,
  nodeId,
  status: 'completed',
  attempt: 1,
  startedAt: '2026-06-01T00:00:00.000Z',
  ...part,
})

const shown: Shown = {
  status: 'completed',
  output: { b: 1, a: [2] },
  triggerData: { data: { n: 7 } },
  steps: [
    step('start', { port: 'out' }),
    step('mail', {
      port: 'out',
      attempt: 2,
      input: { url: 'https://x.y', method: 'POST' },
      output: { body: { id: 3, ok: true } },
    }),
    step('judge', { status: 'failed', failure: { kind: 'terminal', code: 'x.y', message: 'X.' } }),
  ],
  path: ['start', 'mail', 'judge'],
  endedAt: 0,
}

const failed = (expected: object) =>
  checkExpectations(TestExpectations.parse(expected), shown)
    .filter(({ passed }) => !passed)
    .map(({ about, expected, actual }) => [about, expected, actual])

describe('what is expected', () => {
  test('holds when everything is as it says', () => {
    expect(
      failed({
        status: 'completed',
        output: { a: [2], b: 1 },
        path: ['start', 'mail', 'judge'],
        visits: ['mail'],
        avoids: ['other'],
        steps: {
          mail: {
            status: 'completed',
            port: 'out',
            times: 1,
            attempts: 2,
            input: { method: 'POST' },
            output: { body: { id: 3 } },
          },
          judge: { code: 'x.y', status: 'failed' },
          other: { times: 0 },
        },
        that: ['steps.mail.body.id == 3', 'trigger.data.n > 6 && status == "completed"', 'output.a.length == 1'],
      }),
    ).toEqual([])
  })

  test('says what there was instead', () => {
    expect(
      failed({ status: 'failed', output: { a: [2] }, path: ['start'], visits: ['other'], avoids: ['mail'] }),
    ).toEqual([
      ['status', 'failed', 'completed'],
      ['output', { a: [2] }, shown.output],
      ['path', ['start'], ['start', 'mail', 'judge']],
      ['visits.other', true, false],
      ['avoids.mail', true, false],
    ])
    expect(
      failed({
        steps: {
          mail: { port: 'error', times: 2, output: { body: { id: 4 } }, input: [] },
          other: { status: 'completed', output: 1 },
        },
      }).map(([about, , actual]) => [about, actual]),
    ).toEqual([
      ['steps.mail.times', 1],
      ['steps.mail.port', 'out'],
      ['steps.mail.output', shown.steps[1]!.output],
      ['steps.mail.input', shown.steps[1]!.input],
      ['steps.other.status', null],
      ['steps.other.output', null],
    ])
  })

  test('an expression that is false, gives no boolean or fails is not true', () => {
    const [no, number, missing, broken] = failed({
      that: ['steps.mail.body.id == 4', 'steps.mail.body.id', 'steps.nobody.x.y', '1 +'],
    })
    expect(no).toEqual(['that steps.mail.body.id == 4', true, false])
    expect(number?.[2]).toBe(3)
    expect(typeof missing?.[2]).toBe('string')
    expect(typeof broken?.[2]).toBe('string')
  })
})
