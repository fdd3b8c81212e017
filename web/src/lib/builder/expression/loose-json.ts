import type { Json } from '#contract/json.ts'

/**
 * A value as a person would write it in a field that takes anything: texts without quotes, unless they would then be
 * read as something else; the rest as JSON. `readLoose` reads it back as the same value. Where `readsJsonText`, JSON with
 * expressions in it is shown as it was written.
 */
export function writeLoose(value: Json | undefined, readsJsonText = false): string {
  if (value === undefined) return ''
  if (readsJsonText && typeof value === 'string' && value === value.trim() && isJsonTemplate(value)) return value
  if (typeof value !== 'string') return oneLine(value) ?? JSON.stringify(value, null, 2)
  return value !== '' && value === value.trim() && isPlain(value) ? value : JSON.stringify(value)
}

/** A short list of plain values: `["NL", "BE"]`. */
function oneLine(value: Json): string | undefined {
  if (!Array.isArray(value) || value.some((item) => typeof item === 'object' && item !== null)) return undefined
  const line = `[${value.map((item) => JSON.stringify(item)).join(', ')}]`
  return line.length > 60 ? undefined : line
}

/**
 * What a text in such a field means: nothing, JSON, or itself. A number is one only when it is written as it would be
 * shown: 175928847299117063 has more digits than numbers keep, and 1.10 may be a version. As texts they still compare as
 * numbers do.
 */
export function readLoose(text: string): Json | undefined {
  const trimmed = text.trim()
  if (trimmed === '') return undefined
  try {
    const read = JSON.parse(trimmed) as Json
    return typeof read === 'number' && String(read) !== trimmed ? trimmed : read
  } catch {
    return trimmed
  }
}

/** Why a text in such a field would not become what it seems to be meant as; undefined where all is well. */
export function complaintAbout(text: string, readsJsonText = false): string | undefined {
  const lost = lostNumberIn(text)
  if (lost !== undefined) return `${lost} has more digits than a number keeps. In quotes it stays as it is.`
  return readsJsonText && isJsonTemplate(text) ? undefined : whyNotJson(text)
}

/** A number within JSON that has more digits than numbers keep, as it was written; undefined where there is none. */
export function lostNumberIn(text: string): string | undefined {
  if (!/^\s*(\{(?!\{)|\[)/.test(text)) return undefined
  const outsideTexts = text.replaceAll(/"(?:[^"\\]|\\.)*"/g, '""').replaceAll(/\{\{.*?\}\}/gs, '')
  return outsideTexts.match(/(?<![\d.])\d{16,}(?![\d.eE])/g)?.find(isLost)
}

function isLost(digits: string): boolean {
  const number = Number(digits)
  return !Number.isFinite(number) || BigInt(number) !== BigInt(digits)
}

/** Whether it is JSON that can only be read once its expressions were: `{ "count": {{ count }} }`. */
export function isJsonTemplate(text: string): boolean {
  return /^\s*(\{(?!\{)|\[)/.test(text) && text.includes('{{') && whyNotJson(text) !== undefined
}

/** Why a text that seems to be meant as JSON is none; undefined where it is, or is meant as text. */
export function whyNotJson(text: string): string | undefined {
  const trimmed = text.trim()
  const isMeantAsJson = /^(\{(?!\{)|\[|")/.test(trimmed)
  if (!isMeantAsJson) return undefined
  try {
    JSON.parse(trimmed)
    return undefined
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error)
    return `This is not complete JSON yet, and would be taken as text. ${reason}`
  }
}

function isPlain(text: string): boolean {
  return readLoose(text) === text && whyNotJson(text) === undefined
}
