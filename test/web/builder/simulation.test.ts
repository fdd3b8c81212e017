import { describe, expect, test } from 'vitest'
import { SimulateRequest, type Simulation } from '#contract/simulate.ts'
import { outcomeBars } from '../../../web/src/lib/builder/simulation/outcome-bars.ts'
import {
  readForm,
  type SimulationForm,
  usualForm,
  usualModel,
} from '../../../web/src/lib/builder/simulation/simulation-form.ts'
import {
  compact,
  daysOf,
  percentOf,
  simulatedMarks,
  simulatedTraffic,
} from '../../../web/src/lib/builder/simulation/simulation-marks.ts'
import { Simulator } from '../../../web/src/lib/builder/simulation/simulator.svelte.ts'
import { makeStore } from './support.ts'

const around = { sample: { name: 'Ada' }, trigger: 'start', nodeIds: ['start', 'mail', 'ask'] }
const read = (form: Partial<SimulationForm>) => readForm({ ...usualForm, ...form }, around)
const requestOf = (form: Partial<SimulationForm>) => {
  const answer = read(form)
  if ('reason' in answer) throw new Error(answer.reason)
  return answer.request
}

describe('a simulation’s form', () => {
  test('is a request that the server takes', () => {
    const request = requestOf({
      contacts: '1000',
      days: '7.5',
      arrive: 'even',
      seed: ' blue ',
      fields: [
        { name: 'country', kind: 'pick', text: 'DE: 3, AT, 7, true' },
        { name: 'address.age', kind: 'between', text: '18 - 65' },
        { name: 'rate', kind: 'between', text: '-0.5 to 1.25' },
        { name: 'vip', kind: 'chance', text: '5 %' },
        { name: 'mail', kind: 'text', text: 'c{n}@x.y' },
        { name: ' ', kind: 'text', text: 'left out' },
      ],
      events: [
        { name: 'mail.opened', after: 'mail', percent: '30', hours: '48' },
        { name: 'left', after: 'gone', percent: '1', hours: '1' },
        { name: '', after: '', percent: '', hours: '' },
      ],
      models: {
        mail: { ...usualModel, failPercent: '2' },
        ask: { failPercent: '', givesPercent: '40', givesText: '{"opened":true}', when: 'mail.opened' },
        gone: { ...usualModel, failPercent: '2' },
        start: usualModel,
      },
    })
    expect(SimulateRequest.parse(request)).toMatchObject({
      contacts: 1_000,
      days: 7.5,
      arrivals: { pattern: 'even' },
      seed: 'blue',
      trigger: 'start',
      samples: [{ name: 'Ada' }],
      fields: {
        country: {
          pick: [
            { value: 'DE', weight: 3 },
            { value: 'AT', weight: 1 },
            { value: 7, weight: 1 },
            { value: true, weight: 1 },
          ],
        },
        'address.age': { between: [18, 65], decimals: 0 },
        rate: { between: [-0.5, 1.25], decimals: 2 },
        vip: { chance: 0.05 },
        mail: { text: 'c{n}@x.y' },
      },
      events: [{ name: 'mail.opened', after: 'mail', probability: 0.3, withinHours: 48 }, { name: 'left' }],
      nodes: {
        mail: { failureRate: 0.02 },
        ask: { outcomes: [{ share: 0.4, when: 'mail.opened', output: { opened: true } }] },
      },
    })
    expect(Object.keys(request.nodes ?? {})).toEqual(['mail', 'ask'])
    expect(SimulateRequest.safeParse(requestOf({})).success).toBe(true)
  })

  test('says what is wrong with it', () => {
    const reason = (form: Partial<SimulationForm>) => {
      const answer = read(form)
      return 'reason' in answer ? answer.reason : undefined
    }
    expect(reason({ contacts: '0' })).toBe('Contacts must be a number from 1 to 10,000.')
    expect(reason({ days: 'many' })).toMatch(/^Days must be a number/)
    expect(reason({ fields: [{ name: 'age', kind: 'between', text: '18' }] })).toBe('Write age as 18 - 65.')
    expect(reason({ fields: [{ name: 'c', kind: 'pick', text: 'a,,b' }] })).toMatch(/which values c has/)
    expect(reason({ fields: [{ name: 'v', kind: 'chance', text: '130 %' }] })).toMatch(/from 0 to 100/)
    expect(reason({ events: [{ name: 'x', after: '', percent: '5', hours: '' }] })).toMatch(/hours of x/)
    expect(reason({ models: { mail: { ...usualModel, givesText: '{' } } })).toBe('What a step gives is not JSON yet.')
  })
})

const simulation = {
  startAt: '2026-06-01T00:00:00.000Z',
  contacts: 1_200,
  outcomes: { completed: 1_000, completedWithErrors: 0, failed: 40, cancelled: 0, timedOut: 10, underWay: 150 },
  nodes: [
    { nodeId: 'a', steps: 1_200, contacts: 1_200, completed: 1_200, failed: 0, waiting: 0, skipped: 0 },
    { nodeId: 'b', steps: 50, contacts: 50, completed: 0, failed: 50, waiting: 0, skipped: 0 },
    { nodeId: 'c', steps: 150, contacts: 150, completed: 0, failed: 0, waiting: 150, skipped: 0 },
    { nodeId: 'd', steps: 0, contacts: 0, completed: 0, failed: 0, waiting: 0, skipped: 0 },
  ],
  edges: [
    { edgeId: 'a > b', source: 'a', count: 50, contacts: 50 },
    { edgeId: 'a > d', source: 'a', count: 0, contacts: 0 },
    { edgeId: 'c > b', source: 'c', count: 1_500, contacts: 150 },
  ],
} as unknown as Simulation

describe('what a simulation showed', () => {
  test('stands at nodes and on edges', () => {
    expect([...simulatedMarks(simulation)].map(([id, { status, label }]) => [id, status, label])).toEqual([
      ['a', 'completed', '1.2k'],
      ['b', 'failed', '50'],
      ['c', 'waiting', '150'],
    ])
    expect([...simulatedTraffic(simulation)]).toEqual([
      ['a > b', { count: 50, moving: false, label: '50 · 4 %' }],
      ['c > b', { count: 1_500, moving: false, label: '1.5k' }],
    ])
  })

  test('is a bar of those parts that there are', () => {
    expect(outcomeBars(simulation).map(({ label, count }) => `${count} ${label}`)).toEqual([
      '1000 completed',
      '50 failed',
      '150 still under way',
    ])
  })

  test('is written short and never wrong', () => {
    expect([0, 999, 1_000, 1_960, 9_999, 10_000].map(compact)).toEqual(['0', '999', '1k', '1.9k', '9.9k', '10k'])
    expect([percentOf(0, 0), percentOf(1, 1_000), percentOf(999, 1_000), percentOf(1, 3), percentOf(3, 3)]).toEqual([
      '0 %',
      '< 1 %',
      '> 99 %',
      '33 %',
      '100 %',
    ])
    const { startAt } = simulation
    const days = (firstAt?: string, lastAt?: string) => daysOf({ firstAt, lastAt }, startAt)
    expect(days()).toBe('')
    expect(days('2026-06-03T01:00:00.000Z', '2026-06-03T23:00:00.000Z')).toBe('3')
    expect(days(startAt, '2026-06-08T00:00:00.000Z')).toBe('1–8')
  })
})

describe('the simulator', () => {
  const ports = { saveDraft: async () => true, simulate: async () => simulation }

  test('shows what came of it until that is cleared', async () => {
    let now = 0
    const simulator = new Simulator(ports, makeStore(), 'wf_1')
    await simulator.run({}, () => (now += 70))
    expect([simulator.state, simulator.marks?.size]).toEqual([{ status: 'ended', tookMs: 70 }, 3])
    simulator.clear()
    expect([simulator.state.status, simulator.marks]).toEqual(['idle', undefined])
  })

  test('says what the server says, and simulates nothing that is not saved', async () => {
    const refused = new Simulator(
      {
        ...ports,
        simulate: () => Promise.reject(Object.assign(new Error('Too large.'), { details: { limit: 'steps' } })),
      },
      makeStore(),
      'wf_1',
    )
    await refused.run({})
    expect(refused.state).toEqual({ status: 'failed', reason: 'Too large.', details: { limit: 'steps' } })
    const unsaved = new Simulator({ ...ports, saveDraft: async () => false }, makeStore(), 'wf_1')
    await unsaved.run({})
    expect([unsaved.state.status, unsaved.shown]).toEqual(['failed', undefined])
  })

  test('keeps what was typed on this device, and takes nothing of another shape', () => {
    const store = makeStore()
    new Simulator(ports, store, 'wf_1').change({ contacts: '70', fields: [{ name: 'a', kind: 'text', text: 'b' }] })
    expect(new Simulator(ports, store, 'wf_1').form).toMatchObject({ contacts: '70', fields: [{ name: 'a' }] })
    store.setItem('leat.simulation.wf_2', '{"contacts":7,"fields":{},"days":"3","other":1}')
    expect(new Simulator(ports, store, 'wf_2').form).toEqual({ ...usualForm, days: '3' })
    store.setItem('leat.simulation.wf_3', '[')
    expect(new Simulator(ports, store, 'wf_3').form).toEqual(usualForm)
  })
})
