import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { normalizeEmail } from '../../worker/contacts/normalize-email.ts'
import { normalizePhone } from '../../worker/contacts/normalize-phone.ts'
import { normalizeTag } from '../../worker/contacts/normalize-tag.ts'
import { flattenFields, readChange, type FieldValues } from '../../worker/contacts/read-change.ts'
import { definitions } from './arbitraries.ts'

function read(fields: Record<string, unknown>): FieldValues {
  const result = readChange(fields, {}, definitions)
  if ('problems' in result) throw new Error(JSON.stringify(result.problems))
  return result.change.fields
}

function problems(fields: Record<string, unknown>): string[] {
  const result = readChange(fields, {}, definitions)
  return 'problems' in result ? result.problems.map(({ path, message }) => `${path} ${message}`) : []
}

describe('an e-mail address', () => {
  test.each([
    ['  Ada@Example.COM ', 'ada@example.com'],
    ['a.b+c@mail.example.co.uk', 'a.b+c@mail.example.co.uk'],
    ['jörg@bücher.example', 'jörg@bücher.example'],
  ])('%s is kept as %s', (given, kept) => expect(normalizeEmail(given)).toBe(kept))

  test.each([
    '',
    'ada',
    'ada@',
    '@example.com',
    'ada@localhost',
    'a@b@c.de',
    'a b@c.de',
    '.a@c.de',
    'a..b@c.de',
    'a@-b.de',
  ])('%s is none', (given) => expect(normalizeEmail(given)).toBeNull())
})

describe('a phone number', () => {
  test.each([
    ['+49 30 123456', '+4930123456'],
    ['0049 (0)30 / 12-34-56', '+4930123456'],
    ['+1 (415) 555-2671', '+14155552671'],
    ['+44 (0)20 7946 0958', '+442079460958'],
  ])('%s is kept as %s', (given, kept) => expect(normalizePhone(given)).toBe(kept))

  test.each(['', '030 123456', '+0123456789', '+49', '+49 30 CALL ME', '+1234567890123456'])(
    '%s is none: nobody guesses the country',
    (given) => expect(normalizePhone(given)).toBeNull(),
  )
})

test('what is kept stays as it is when it is read again', () => {
  for (const normalize of [normalizeEmail, normalizePhone, normalizeTag]) {
    fc.assert(
      fc.property(
        fc.oneof(
          fc.string(),
          fc.emailAddress(),
          fc.integer({ min: 1e8, max: 1e12 }).map((n) => `+${n}`),
        ),
        (text) => {
          const kept = normalize(text)
          if (kept !== null) expect(normalize(kept)).toBe(kept)
        },
      ),
      { numRuns: 300 },
    )
  }
})

describe('fields', () => {
  test('are read by the name that events call them', () => {
    const fields = flattenFields({
      firstName: ' Ada ',
      address: { city: 'London', country: 'gb' },
      custom: { score: 7 },
    })
    expect(read(fields)).toEqual({
      firstName: 'Ada',
      'address.city': 'London',
      'address.country': 'GB',
      'custom.score': 7,
    })
  })

  test('are emptied by null and by an empty text', () => {
    expect(read({ firstName: '', email: null, 'custom.score': '', 'custom.topics': null })).toEqual({
      firstName: null,
      email: null,
      'custom.score': null,
      'custom.topics': null,
    })
  })

  test('take from expressions what can only mean one thing', () => {
    expect(
      read({
        firstName: 42,
        language: 'PT-br',
        timeZone: 'Europe/Berlin',
        'custom.score': '7.5',
        'custom.opted': 'true',
        'custom.birthday': '2026-02-28T00:00:00Z',
        'custom.seenAt': '2026-03-01T10:00:00+01:00',
        'custom.topics': ['offers', 'news', 'offers'],
        'custom.second': 'Ada@Example.com',
      }),
    ).toEqual({
      firstName: '42',
      language: 'pt-BR',
      timeZone: 'Europe/Berlin',
      'custom.score': 7.5,
      'custom.opted': true,
      'custom.birthday': '2026-02-28',
      'custom.seenAt': '2026-03-01T09:00:00.000Z',
      'custom.topics': ['news', 'offers'],
      'custom.second': 'ada@example.com',
    })
  })

  test('say all that is wrong at once, each by its name', () => {
    expect(
      problems({
        email: 'nobody',
        phone: '030 1',
        timeZone: 'Mars/Olympus',
        'address.country': 'Germany',
        visibility: null,
        ownerId: 'org_1',
        'custom.score': 'much',
        'custom.birthday': '2026-02-30',
        'custom.plan': 'gold',
        'custom.site': 'javascript:alert(1)',
        'custom.unknown': 1,
        constructor: 'x',
        'address.planet': 'x',
      }).map((text) => text.split(' ')[0]),
    ).toEqual([
      'email',
      'phone',
      'timeZone',
      'address.country',
      'visibility',
      'ownerId',
      'custom.score',
      'custom.birthday',
      'custom.plan',
      'custom.site',
      'custom.unknown',
      'constructor',
      'address.planet',
    ])
  })

  test('a value is never anything but what its kind holds, whatever is given', () => {
    const names = [...definitions.map(({ key }) => `custom.${key}`), 'firstName', 'email', 'phone', 'timeZone']
    fc.assert(
      fc.property(fc.constantFrom(...names), fc.jsonValue(), (name, given) => {
        const result = readChange({ [name]: given }, {}, definitions)
        if ('problems' in result) return
        const kept = result.change.fields[name]
        const again = readChange({ [name]: kept }, {}, definitions)
        expect(again).toEqual(result)
      }),
      { numRuns: 500, examples: [['custom.plan', { toString: false }]] },
    )
  })
})

describe('tags', () => {
  test('are kept in lower case with single spaces', () => {
    const result = readChange({}, { add: ['  Very   Important ', 'VIP'] }, [])
    expect(result).toMatchObject({ change: { add: ['very important', 'vip'] } })
  })

  test('are refused empty, endless or with a comma', () => {
    const result = readChange({}, { tags: ['', 'x'.repeat(61), 'a,b', 'fine'] }, [])
    expect(result).toMatchObject({ problems: [{ path: 'tags.0' }, { path: 'tags.1' }, { path: 'tags.2' }] })
  })
})
