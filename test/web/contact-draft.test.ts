import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { ChangeContactRequest, Contact } from '../../worker/contract/contact.ts'
import { ApiError } from '../../web/src/lib/api/api-error.ts'
import {
  changedFields,
  type ContactDraft,
  draftOf,
  rebase,
  requestOf,
} from '../../web/src/lib/contacts/contact-draft.ts'
import { ContactEditor } from '../../web/src/lib/contacts/contact-editor.svelte.ts'
import { initials } from '../../web/src/lib/ui/initials.ts'
import { keyOf } from '../../web/src/lib/contacts/key-of.ts'
import { changeContact, emptyContact } from '../../worker/contacts/change-contact.ts'
import { flattenFields, readChange } from '../../worker/contacts/read-change.ts'
import { newId } from '../../worker/lib/id.ts'

const fieldNames = ['firstName', 'company', 'address.city', 'custom.plan'] as const
const drafts: fc.Arbitrary<ContactDraft> = fc
  .record({
    firstName: fc.constantFrom(null, 'Ada', 'Ben'),
    company: fc.constantFrom(null, 'Engines', 'Navy'),
    'address.city': fc.constantFrom(null, 'London', 'Paris'),
    'custom.plan': fc.constantFrom(null, 'free', 'team'),
    tags: fc.subarray(['lead', 'vip']),
  })
  .map((draft) => ({ ...draft }))

describe('a draft', () => {
  test('asks for what changed and for nothing else', () => {
    const before = { firstName: 'Ada', company: 'Engines', 'address.city': null, tags: ['lead'] }
    const after = { ...before, company: '', 'address.city': 'London', 'custom.plan': 'team', tags: ['lead'] }
    expect(requestOf(before, after)).toEqual({ company: '', address: { city: 'London' }, custom: { plan: 'team' } })
    expect(requestOf(before, { ...before })).toEqual({})
  })

  test('laid over theirs keeps what only one of us changed, and names what both did', () => {
    fc.assert(
      fc.property(drafts, drafts, drafts, (base, mine, theirs) => {
        const { draft, clashes } = rebase(base, mine, theirs)
        for (const field of [...fieldNames, 'tags']) {
          const iDid = changedFields({ it: base[field]! }, { it: mine[field]! }).length > 0
          expect(draft[field]).toEqual(iDid ? mine[field] : theirs[field])
        }
        const both = changedFields(base, mine).filter((field) => changedFields(base, theirs).includes(field))
        const differ = changedFields(mine, theirs)
        expect(new Set(clashes.map(({ field }) => field))).toEqual(
          new Set(both.filter((field) => differ.includes(field))),
        )
      }),
      { numRuns: 300 },
    )
  })
})

/** A server with one contact, on which others work too. */
function makeServer() {
  const definitions = [{ key: 'plan', label: 'Plan', type: 'text' as const, options: [], createdAt: '' }]
  let contact = { ...emptyContact(newId('contact'), 0), revision: 1 }
  const apply = (body: ChangeContactRequest): Contact => {
    const read = readChange(flattenFields(body), { tags: body.tags }, definitions)
    if ('problems' in read) {
      const details = { problems: read.problems.map((problem) => ({ ...problem })) }
      throw new ApiError({ code: 'request.invalid', message: 'The request is not valid.', status: 400, details })
    }
    contact = changeContact(contact, read.change, 1).contact
    return contact
  }
  let beforeSave = () => {}
  return {
    others: apply,
    get contact() {
      return contact
    },
    /** Somebody is faster, this once. */
    interrupt: (body: ChangeContactRequest) => {
      beforeSave = () => {
        beforeSave = () => {}
        apply(body)
      }
    },
    save: async (_: string, revision: number, body: ChangeContactRequest): Promise<Contact> => {
      beforeSave()
      if (revision !== contact.revision) {
        throw new ApiError({ code: 'contact.conflict', message: 'Someone else was first.', status: 412 })
      }
      return apply(body)
    },
    read: async (): Promise<Contact> => contact,
  }
}

describe('an edited contact', () => {
  test('is saved as it was changed', async () => {
    const server = makeServer()
    const editor = new ContactEditor(server.contact, server)
    editor.set('firstName', 'Ada')
    editor.set('custom.plan', 'team')
    expect(editor.changed).toEqual(['firstName', 'custom.plan'])
    expect(await editor.save()).toBe(true)
    expect(server.contact).toMatchObject({ firstName: 'Ada', custom: { plan: 'team' }, revision: 2 })
    expect(editor.changed).toEqual([])
  })

  test('takes in what somebody else changed meanwhile, without asking', async () => {
    const server = makeServer()
    const editor = new ContactEditor(server.contact, server)
    editor.set('firstName', 'Ada')
    server.interrupt({ company: 'Engines' })
    expect(await editor.save()).toBe(true)
    expect(server.contact).toMatchObject({ firstName: 'Ada', company: 'Engines', revision: 3 })
    expect(editor.value('company')).toBe('Engines')
  })

  test('keeps what is typed while it is being saved, as not saved yet', async () => {
    const server = makeServer()
    const editor = new ContactEditor(server.contact, server)
    editor.set('firstName', 'Ada')
    editor.set('company', 'Engines')
    const saving = editor.save()
    editor.set('lastName', 'Lovelace')
    editor.set('company', 'Engines Ltd')
    expect(await saving).toBe(true)
    expect([editor.value('lastName'), editor.value('company')]).toEqual(['Lovelace', 'Engines Ltd'])
    expect(await editor.save()).toBe(true)
    expect(editor.changed).toEqual([])
    expect(server.contact).toMatchObject({ firstName: 'Ada', lastName: 'Lovelace', company: 'Engines Ltd' })
  })

  test('that is typed into while the second try of its save is under way keeps that too', async () => {
    const server = makeServer()
    const type = () => editor.set('lastName', 'Lovelace')
    const editor: ContactEditor = new ContactEditor(server.contact, {
      ...server,
      save: async (id, revision, body) => {
        const saved = await server.save(id, revision, body)
        type()
        return saved
      },
    })
    editor.set('firstName', 'Ada')
    server.interrupt({ company: 'Engines' })
    expect(await editor.save()).toBe(true)
    expect([editor.changed, editor.value('lastName')]).toEqual([['lastName'], 'Lovelace'])
  })

  test.each(['mine', 'theirs'] as const)('asks where both changed the same field: %s', async (keep) => {
    const server = makeServer()
    const editor = new ContactEditor(server.contact, server)
    editor.set('firstName', 'Ada')
    editor.set('jobTitle', 'Countess')
    server.interrupt({ firstName: 'Augusta' })
    expect(await editor.save()).toBe(false)
    expect(editor.clashes).toEqual([{ field: 'firstName', mine: 'Ada', theirs: 'Augusta' }])
    expect(server.contact).toMatchObject({ firstName: 'Augusta', jobTitle: null })
    await editor.resolve(keep)
    expect(server.contact).toMatchObject({ firstName: keep === 'mine' ? 'Ada' : 'Augusta', jobTitle: 'Countess' })
    expect([editor.clashes, editor.changed]).toEqual([[], []])
  })

  test('that the server refuses says why, at the field', async () => {
    const server = makeServer()
    const editor = new ContactEditor(server.contact, server)
    editor.set('email', 'nobody')
    expect(await editor.save()).toBe(false)
    expect(editor.problemOf('email')).toBe('It must be an e-mail address such as ada@example.com.')
    editor.set('email', '')
    expect(editor.changed).toEqual([])
    editor.discard()
    expect(editor.error).toBeUndefined()
  })

  test('has in its draft every field there is, and nothing of its own making', () => {
    const { contact } = makeServer()
    expect(changedFields(draftOf(contact), draftOf({ ...contact, custom: {} }))).toEqual([])
  })
})

test.each([
  ['Ada Lovelace', 'AL'],
  ['Engines', 'E'],
  ['ada@example.com', 'AC'],
  ['+49301234', '+'],
  ['', '?'],
])('%s is %s in short', (name, short) => expect(initials(name)).toBe(short))

test.each([
  ['Date of birth', 'dateOfBirth'],
  ['Größe', 'grosse'],
  ['2 factor', ''],
  ['---', ''],
])('the field %s is read as %s', (label, key) => expect(keyOf(label)).toBe(key))
