import { numberOf } from '../value.ts'
import { composed, isEqual, isNothing, type Operand, type Spend } from './compare.ts'

/**
 * A test of whether a value == one of these (`compare.ts`). Each item is looked at once, and each value once however many
 * items there are, but for lists and objects, which are compared with one another.
 */
export function equalToOneOf(items: readonly Operand[], spend: Spend): (value: Operand) => boolean {
  let hasNothing = false
  const texts = new Set<string>()
  const numbers = new Set<number>()
  const writtenNumbers = new Set<number>()
  const booleans = new Set<boolean>()
  const objects: Operand[] = []
  spend(items.length >> 2)
  for (const item of items) {
    if (isNothing(item)) hasNothing = true
    else if (typeof item === 'string') {
      texts.add(composed(item, spend))
      const written = numberOf(item)
      if (written !== undefined) writtenNumbers.add(written)
    } else if (typeof item === 'number') numbers.add(item)
    else if (typeof item === 'boolean') booleans.add(item)
    else objects.push(item)
  }

  function isWritten(text: string): boolean {
    if (booleans.size > 0 && ((text === 'true' && booleans.has(true)) || (text === 'false' && booleans.has(false)))) {
      return true
    }
    const number = numbers.size > 0 ? numberOf(text) : undefined
    return number !== undefined && numbers.has(number)
  }

  return (value) => {
    if (isNothing(value)) return hasNothing
    switch (typeof value) {
      case 'string':
        return isWritten(value) || (texts.size > 0 && texts.has(composed(value, spend)))
      case 'number':
        return numbers.has(value) || writtenNumbers.has(value)
      case 'boolean':
        return booleans.has(value) || texts.has(String(value))
      default:
        return objects.some((item) => isEqual(value, item, spend))
    }
  }
}
