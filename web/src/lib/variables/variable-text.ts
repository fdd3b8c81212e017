import { Json } from '#contract/json.ts'
import { VariableName, type Variable, type VariableType } from '#contract/variable.ts'
import { variableLimits } from '#contract/facts/variable.ts'

export const typeLabels: Record<VariableType, string> = {
  string: 'Text',
  number: 'Number',
  boolean: 'Yes or no',
  json: 'JSON',
}

/** A value as it stands in its field. */
export function toText({ type, value }: Pick<Variable, 'type' | 'value'>): string {
  if (type === 'json') return JSON.stringify(value, null, 2)
  return typeof value === 'string' ? value : String(value)
}

/** The value that a field's text writes, or what is wrong with it. */
export function readValue(type: VariableType, text: string): { value: Json } | { problem: string } {
  const read = parse(type, text)
  if ('problem' in read) return read
  const isTooLong = JSON.stringify(read.value).length > variableLimits.characters
  return isTooLong ? { problem: `At most ${variableLimits.characters.toLocaleString('en')} characters.` } : read
}

/** What is wrong with a new name; undefined when nothing is. */
export function nameProblem(name: string, taken: readonly string[]): string | undefined {
  if (name === '') return 'Give it a name.'
  if (taken.includes(name)) return 'There is one of this name already.'
  return VariableName.safeParse(name).success ? undefined : 'Letters, digits and _, beginning with a letter.'
}

function parse(type: VariableType, text: string): { value: Json } | { problem: string } {
  switch (type) {
    case 'string':
      return { value: text }
    case 'number': {
      const number = Number(text)
      return text.trim() !== '' && Number.isFinite(number) ? { value: number } : { problem: 'Write a number.' }
    }
    case 'boolean':
      return { value: text === 'true' }
    case 'json':
      return parseJson(text)
  }
}

function parseJson(text: string): { value: Json } | { problem: string } {
  try {
    const value: unknown = JSON.parse(text)
    const { success, data } = Json.safeParse(value)
    // A key that nothing may be called is left out: somebody who wrote it is told.
    const isKept = success && JSON.stringify(data) === JSON.stringify(value)
    return isKept ? { value: data } : { problem: 'It holds a number or a name that cannot be kept.' }
  } catch {
    return { problem: 'This is not JSON. Texts stand in double quotes.' }
  }
}
