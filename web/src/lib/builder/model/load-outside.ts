import { listContactFields, listContactTags } from '#lib/api/contacts.ts'
import { listVariables } from '#lib/api/variables.ts'
import { session } from '#lib/session/current.svelte.ts'
import { outsideOf, type Outside } from './outside.ts'

/** What was read is good for so long, in ms. */
const knownForMs = 60_000
let known: { organizationId: string; at: number; outside: Promise<Outside> } | undefined

/** Reads it, unless that was done a moment ago. Never rejects: what cannot be read is left out. */
export function loadOutside(): Promise<Outside> {
  const organizationId = session.status === 'ready' ? session.member.organization.id : ''
  const now = Date.now()
  if (known?.organizationId !== organizationId || now - known.at > knownForMs) {
    known = { organizationId, at: now, outside: read() }
  }
  return known.outside
}

/** The next to ask gets it as it is then. */
export function forgetOutside(): void {
  known = undefined
}

async function read(): Promise<Outside> {
  const [variables, fields, tags] = await Promise.all([
    listVariables().then(
      ({ items }) => items,
      () => undefined,
    ),
    listContactFields().catch(() => []),
    listContactTags().catch(() => []),
  ])
  return outsideOf({ variables, fields, tags: tags.map(({ tag }) => tag) })
}
