import { describe, expect, test } from 'vitest'
import { describeNodeTypes } from '../../../worker/nodes/describe-node-types.ts'
import { noteUse, recentTypes } from '../../../web/src/lib/builder/palette/recent-types.ts'
import { type PalettePurpose, searchNodeTypes } from '../../../web/src/lib/builder/palette/search-node-types.ts'

const nodeTypes = describeNodeTypes()
const find = (search: string, purpose: PalettePurpose = 'free', recent: string[] = []) =>
  searchNodeTypes({ nodeTypes, purpose, search, recent }).flatMap((group) => group.nodeTypes.map(({ type }) => type))

describe('the palette', () => {
  test.each([
    ['http', 'http.request'],
    ['rest api', 'http.request'],
    ['delay', 'flow.wait'],
    ['router', 'flow.switch'],
    ['SLEEP', 'flow.wait'],
    ['edit fields', 'data.set'],
    ['respond', 'webhook.respond'],
    ['if', 'flow.if'],
    ['htrq', 'http.request'],
    ['stripe', 'trigger.webhook'],
  ])('“%s” finds %s first', (search, type) => {
    expect(find(search)[0]).toBe(type)
  })

  test('letters in order count in titles only', () => {
    expect(find('vali')).toEqual(['data.validate'])
  })

  test('words that are nowhere find nothing', () => {
    expect(find('xyzzy')).toEqual([])
    expect(find('http xyzzy')).toEqual([])
  })

  test('offers what fits the place', () => {
    expect(find('', 'start').every((type) => type.startsWith('trigger.'))).toBe(true)
    expect(find('', 'after').some((type) => type.startsWith('trigger.'))).toBe(false)
    expect(find('', 'between')).not.toContain('flow.end')
    expect(find('', 'between')).toContain('flow.switch')
    expect(find('', 'before')).toContain('trigger.webhook')
    expect(new Set(find(''))).toEqual(new Set(nodeTypes.map(({ type }) => type)))
  })

  test('what starts nothing is no beginning', () => {
    expect(find('', 'start')).not.toContain('trigger.failure')
    expect(find('', 'free')).toContain('trigger.failure')
  })

  test('who has no habits yet finds first what most workflows are made of, and the habits take its place', () => {
    const heading = (recent: string[]) =>
      searchNodeTypes({ nodeTypes, purpose: 'after', search: '', recent })[0]?.heading
    expect(find('', 'after').slice(0, 5)).toEqual(['flow.if', 'flow.switch', 'http.request', 'data.set', 'flow.wait'])
    expect(heading([])).toBe('Often used')
    expect(heading(['flow.wait'])).toBe('Often used')
    expect(heading(['flow.wait', 'flow.if'])).toBe('Recently used')
  })

  test('what was used last comes first, once there is a habit', () => {
    const groups = searchNodeTypes({
      nodeTypes,
      purpose: 'after',
      search: '',
      recent: ['flow.wait', 'trigger.webhook', 'flow.if'],
    })
    expect(groups[0]).toMatchObject({
      heading: 'Recently used',
      nodeTypes: [{ type: 'flow.wait' }, { type: 'flow.if' }],
    })
  })
})

test('remembers the types used last, and survives storage that is broken', () => {
  const items = new Map<string, string>()
  const store = {
    getItem: (key: string) => items.get(key) ?? null,
    setItem: (key: string, value: string) => void items.set(key, value),
    removeItem: (key: string) => void items.delete(key),
  }
  for (const type of ['a', 'b', 'a', 'c']) noteUse(store, type)
  expect(recentTypes(store)).toEqual(['c', 'a', 'b'])
  items.set('leat.palette.recent', '{oops')
  expect(recentTypes(store)).toEqual([])
})
