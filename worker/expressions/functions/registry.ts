import type { Kind } from '../value.ts'
import type { Definition, Receiver } from './define.ts'
import { definitions } from './definitions.ts'

/** The methods of one name, by what they belong to. */
export type Methods = ReadonlyMap<Receiver, Definition>

const functions = new Map<string, Definition>()
const methods = new Map<string, Map<Receiver, Definition>>()

for (const definition of definitions) {
  for (const name of [definition.name, ...definition.aliases]) {
    if (definition.on === undefined) {
      functions.set(name, definition)
    } else {
      const named = methods.get(name) ?? new Map<Receiver, Definition>()
      named.set(definition.on, definition)
      methods.set(name, named)
    }
  }
}

/** `Math` in `Math.round`: names before a dot that are no values. */
export const namespaces: ReadonlySet<string> = new Set(
  [...functions.keys()].filter((name) => name.includes('.')).map((name) => name.slice(0, name.indexOf('.'))),
)
/** Every name that a function can be called by, with its namespace: `Math.round`. */
export const functionNames: readonly string[] = [...functions.keys()]
/** Every name that a method can be called by. */
export const methodNames: readonly string[] = [...methods.keys()]

/** The function of a name or alias, exactly as it is written. */
export function findFunction(name: string): Definition | undefined {
  return functions.get(name)
}

/** The methods of one name or alias, by what they belong to. */
export function findMethods(name: string): Methods | undefined {
  return methods.get(name)
}

/** The method for a value, if there is one. */
export function methodFor(named: Methods, kind: Kind): Definition | undefined {
  if (kind === 'missing' || kind === 'null') return undefined
  return (kind === 'boolean' ? undefined : named.get(kind)) ?? named.get('any')
}
