import type { Json } from '#contract/json.ts'
import { typedPath } from './value-at-path.ts'

/** An entry of the catalogue of functions, as far as completion looks at it. */
export interface KnownFunction {
  name: string
  on: string | undefined
  signature: string
  description: string
}

export interface Offer {
  label: string
  /** What is put in, and how far back from its end the caret goes. */
  insert: string
  back: number
  kind: 'root' | 'key' | 'method' | 'function'
  detail: string
  info?: string
}

export interface Completions {
  from: number
  offers: Offer[]
}

const roots: Record<string, string> = {
  trigger: 'what started the workflow',
  steps: 'what earlier steps gave',
  vars: 'variables',
  contact: 'the contact, as it is now',
  contactAtStart: 'the contact, as it was at the start',
  organization: 'the organization’s variables',
  execution: 'this execution',
  workflow: 'this workflow',
  now: 'this moment',
}

/** What is there only in some places. */
const places: Record<string, string> = {
  loop: 'this iteration',
  loops: 'the loops around, by their keys',
  child: 'the workflow that was called',
}

/** What can come next where an expression's text ends, with the sample data saying which keys there are. */
export function completionsAt(
  text: string,
  scope: Readonly<Record<string, Json>>,
  functions: readonly KnownFunction[],
): Completions | undefined {
  const path = typedPath(text, scope)
  if (path === undefined) return undefined
  const { receiver, from } = path
  switch (receiver.kind) {
    case 'roots':
      return { from, offers: [...rootOffers(scope), ...functions.filter(({ on }) => on === undefined).map(callOffer)] }
    case 'unknown':
      return { from, offers: functions.filter(({ on }) => on !== undefined).map(callOffer) }
    case 'value': {
      const kind = kindOf(receiver.value)
      const methods = functions.filter(({ on }) => on === kind || on === 'any' || (kind === 'text' && on === 'date'))
      return { from, offers: [...keyOffers(receiver.value), ...methods.map(callOffer)] }
    }
  }
}

function rootOffers(scope: Readonly<Record<string, Json>>): Offer[] {
  const names = new Set([...Object.keys(roots), ...Object.keys(scope)])
  return [...names].map((name) => ({
    label: name,
    insert: name,
    back: 0,
    kind: 'root',
    detail: roots[name] ?? places[name] ?? '',
  }))
}

function keyOffers(value: Json): Offer[] {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return []
  return Object.entries(value)
    .slice(0, 200)
    .filter(([key]) => /^[\p{ID_Start}$_][\p{ID_Continue}$]*$/u.test(key))
    .map(([key, item]) => ({ label: key, insert: key, back: 0, kind: 'key', detail: glimpse(item) }))
}

function callOffer({ name, on, signature, description }: KnownFunction): Offer {
  const takesNothing = /\(\s*\)/.test(signature)
  return {
    label: name,
    insert: `${name}()`,
    back: takesNothing ? 0 : 1,
    kind: on === undefined ? 'function' : 'method',
    detail: signature.replace(/^.*?\(/, '('),
    info: description,
  }
}

/** The kind of a value in the words of the function catalogue. */
function kindOf(value: Json): string {
  if (Array.isArray(value)) return 'list'
  if (value === null) return 'null'
  return typeof value === 'string' ? 'text' : typeof value
}

/** A value in so few letters that it fits beside its name. */
export function glimpse(value: Json | undefined): string {
  if (value === undefined) return ''
  if (Array.isArray(value)) return counted(value.length, 'item')
  if (typeof value === 'object' && value !== null) return counted(Object.keys(value).length, 'field')
  const text = typeof value === 'string' ? value : String(value)
  return text.length > 32 ? `${text.slice(0, 31)}…` : text
}

function counted(count: number, what: string): string {
  return count === 1 ? `1 ${what}` : `${count} ${what}s`
}
