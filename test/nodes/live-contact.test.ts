import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { Json, JsonObject } from '../../worker/contract/json.ts'
import { partsOf } from '../../worker/engine/contact-parts.ts'
import { contactReads } from '../../worker/nodes/contact-reads.ts'
import type { Play } from '../engine/support/play.ts'
import { graphOf, nodeOf, playOf } from './support.ts'

const ada = (more: JsonObject = {}): JsonObject => ({
  id: 'con_1',
  revision: 1,
  firstName: 'Ada',
  email: 'ada@example.com',
  tags: [],
  custom: { plan: 'free' },
  ...more,
})

const hasTag = { operator: 'AND', conditions: [{ field: 'contact.tags', operator: 'contains', value: 'vip' }] }

//  start ──► send ──► check ─true──► yes
//                          └─false─► no
function tagged(): Play {
  const graph = graphOf(
    {
      start: ['trigger.manual'],
      send: ['http.request', { url: 'https://example.com/' }],
      check: ['flow.if', { conditions: hasTag }],
      yes: ['flow.end'],
      no: ['flow.end'],
    },
    ['start > send', 'send > check', 'check.true > yes', 'check.false > no'],
  )
  return playOf(graph)
}

const answered = { output: null, port: 'out' }
const reads = (play: Play) => play.events.filter(({ type }) => type === 'contactRead')

describe('the live contact', () => {
  test('is what it is when a step begins: what a step before it changed, the next step sees', () => {
    const play = tagged()
    play.contact = ada()
    play.start()
    play.contact = ada({ tags: ['vip'], revision: 2 })
    play.succeed('send', answered)
    expect(play.completed).toContain('yes')
  })

  test('is in the journal where it was read, as far as it was read, and only when that changed', () => {
    const play = tagged()
    play.contact = ada()
    play.start()
    play.contact = ada({ firstName: 'Augusta', revision: 2 })
    play.succeed('send', answered)
    expect(reads(play)).toEqual([{ type: 'contactRead', at: 0, contact: { tags: [] } }])
    expect(play.completed).toContain('no')
  })

  test('can be gone', () => {
    const play = tagged()
    play.contact = ada()
    play.start()
    play.contact = null
    play.succeed('send', answered)
    expect(reads(play).at(-1)).toMatchObject({ contact: null })
    expect(play.completed).toContain('no')
  })

  test('is not guessed: without it what was reported is kept, and nothing is decided until it can be read', () => {
    const play = tagged()
    play.contact = ada()
    play.start()
    play.contact = undefined
    play.now = 5
    play.succeed('send', answered)
    expect(play.completed).toEqual(['start', 'send'])
    expect(play.outstanding.wakeAt).toBe(5)
    play.crash()
    expect(play.outstanding.wakeAt).toBe(5)
    const entries = play.entries.length
    play.turn({ type: 'wake' })
    expect(play.entries).toHaveLength(entries)
    play.contact = ada({ tags: ['vip'] })
    play.turn({ type: 'wake' })
    expect(play.completed).toContain('yes')
    expect(play.status).toBe('completed')
  })

  test('need not be read to cancel, and is read again by a redrive', () => {
    const play = tagged()
    play.contact = undefined
    play.start()
    play.turn({ type: 'cancel', by: 'usr_1', reason: '' })
    expect(play.status).toBe('cancelled')
  })

  test('costs a plan nothing that does not read it', () => {
    const graph = graphOf(
      { start: ['trigger.manual'], say: ['data.set', { fields: [{ name: 'a', value: '{{ contactAtStart }}' }] }] },
      ['start > say'],
    )
    const play = playOf(graph)
    expect(play.plan.contactReads).toBeNull()
    play.contact = undefined
    play.start()
    expect(play.status).toBe('completed')
    expect(reads(play)).toEqual([])
  })

  test('makes a wait for a condition go on that nobody told of the change', () => {
    const graph = graphOf(
      { start: ['trigger.manual'], wait: ['flow.waitForCondition', { conditions: hasTag, contact: 'con_1' }] },
      ['start > wait'],
    )
    const play = playOf(graph)
    play.contact = ada()
    play.start()
    play.until(3_600_000)
    expect(play.status).toBe('waiting')
    play.contact = ada({ tags: ['vip'] })
    play.until(7_200_000)
    expect(play.status).toBe('completed')
  })
})

// Whatever changes when: a step gives what the contact was in its turn, and the journal says so by itself.
test('every step sees the contact of its turn, and the journal says which that was', () => {
  const steps = ['a', 'b', 'c', 'd']
  const names = ['start', ...steps.flatMap((id) => [`call_${id}`, id])]
  const graph = graphOf(
    Object.fromEntries(
      names.map((id) => {
        if (id === 'start') return [id, ['trigger.manual']]
        if (id.startsWith('call')) return [id, ['http.request', { url: 'https://example.com/' }]]
        return [id, ['data.set', { fields: [{ name: 'saw', value: '{{ [contact.tags, contact.custom.plan] }}' }] }]]
      }),
    ),
    names.slice(1).map((id, index) => `${names[index]!} > ${id}`),
  )
  const contact = fc.option(
    fc.record({ tags: fc.subarray(['x', 'y']), plan: fc.constantFrom('free', 'paid'), revision: fc.nat(9) }),
    { nil: undefined, freq: 4 },
  )
  fc.assert(
    fc.property(fc.array(contact, { minLength: 5, maxLength: 5 }), fc.boolean(), (contacts, crashes) => {
      const play = playOf(graph)
      const expected: Json[] = []
      const turn = (index: number, act: () => void) => {
        const now = contacts[index]
        const given = now ?? { tags: [], plan: 'late', revision: 0 }
        play.contact = now && ada({ tags: now.tags, custom: { plan: now.plan }, revision: now.revision })
        act()
        if (index > 0) expected.push([given.tags, given.plan])
        if (crashes) play.crash()
        if (now !== undefined) return
        // Nobody could say what it was: it is what it is when somebody can.
        expect(play.state.awaitsContact).toBe(true)
        play.contact = ada({ custom: { plan: 'late' } })
        play.turn({ type: 'wake' })
      }
      turn(0, () => play.start())
      steps.forEach((id, index) => turn(index + 1, () => play.succeed(`call_${id}`, answered)))
      expect(steps.map((id) => (play.outputOf(id) as JsonObject)['saw'])).toEqual(expected)

      let known: Json = null
      for (const event of play.events) {
        if (event.type === 'contactRead') known = event.contact
        if (event.type !== 'stepCompleted' || !steps.includes(event.node)) continue
        const { tags, custom } = known as { tags: Json; custom: { plan: Json } }
        expect((event.output as JsonObject)['saw']).toEqual([tags, custom.plan])
      }
    }),
    { numRuns: 100 },
  )
})

describe('what a node reads of the contact', () => {
  const of = (type: string, params: JsonObject, settings?: object) =>
    contactReads(nodeOf(type, params, settings === undefined ? {} : { settings }))

  test('is known from its expressions, conditions and settings', () => {
    const fields = (value: string) => ({ fields: [{ name: 'a', value }] })
    expect(of('data.set', fields('{{ contact.firstName }} {{ contact.custom.plan }}'))).toEqual([
      ['firstName'],
      ['custom', 'plan'],
    ])
    expect(of('data.set', fields('{{ contact }}'))).toEqual([[]])
    expect(of('data.set', fields('{{ contact[trigger.body.x] }}'))).toEqual([[]])
    expect(of('data.set', fields('{{\ncontact?.tags }}'))).toEqual([['tags']])
    expect(of('data.set', fields('contact {{ trigger.contact.email }} {{ contactAtStart.email }}'))).toBeUndefined()
    expect(of('data.set', fields('{{ [1].map(contact => contact.x) }}'))).toBeUndefined()
    expect(of('flow.if', { conditions: hasTag })).toEqual([['tags']])
    expect(of('flow.end', {}, { executeIf: hasTag })).toEqual([['tags']])
    expect(of('http.request', { url: 'https://x.test' }, { cache: { ttlMs: 1_000, key: '{{ contact.id }}' } })).toEqual(
      [['id']],
    )
    expect(of('flow.wait', { mode: 'until', until: '2026-12-01', zone: 'contact' })).toEqual([['timeZone']])
  })

  test('is cut out of the contact, whichever way it is written', () => {
    const contact = ada({ address: { city: 'London', country: 'GB' } })
    expect(partsOf(contact, [['firstName'], ['address', 'city']])).toEqual({
      firstName: 'Ada',
      address: { city: 'London' },
    })
    expect(partsOf(contact, [['custom'], ['custom', 'plan']])).toEqual({ custom: { plan: 'free' } })
    expect(partsOf(contact, [['custom', 'none']])).toEqual({ custom: {} })
    expect(partsOf(contact, [['tags', 'length'], ['nothing']])).toEqual({ tags: [] })
    expect(partsOf(contact, [[]])).toBe(contact)
    expect(partsOf(null, [['tags']])).toBeNull()
  })
})
