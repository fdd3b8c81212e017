import type { Value } from '../../expressions/index.ts'
import type { Work } from './compute.ts'

/**
 * What stands at a path such as `items[0].name`, or undefined. `[*]` stands for every entry of a list, and what is
 * after it is read of each: entries that do not have it are left out. `$` for the whole may stand in front.
 */
export function readPathText(data: Value, path: string, work: Work): Value {
  const plain = path.trim().replace(/^\$\.?/, '')
  const [first = '', ...others] = plain.split('[*]').map((part) => part.replace(/^\./, ''))
  if (others.length === 0) return at(data, plain, work)
  const list = at(data, first, work)
  const rest = others.join('[*]')
  const found = entriesOf(list).map((entry) => (rest === '' ? entry : readPathText(entry, rest, work)))
  work.spend(found.length)
  const there = found.filter((value) => value !== undefined)
  // What is below several lists is one list.
  return others.length > 1 ? work.method(there, 'flat') : there
}

function at(data: Value, path: string, work: Work): Value {
  if (path === '') return data
  // A list has no method of the same name, and its places are keys like any other.
  return work.method({ data }, 'get', path.startsWith('[') ? `data${path}` : `data.${path}`)
}

function entriesOf(value: Value): Value[] {
  if (Array.isArray(value)) return value
  return typeof value === 'object' && value !== null ? Object.values(value) : []
}
