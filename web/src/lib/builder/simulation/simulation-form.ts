// simulation-form
//
// What a simulation is asked for, as people write it: figures and short texts that may be half typed. Pure.

import type { Json } from '#contract/json.ts'
import type { ContactField, SimulateRequest } from '#contract/simulate.ts'

/** How a field of contacts is filled: `DE: 3, AT` (each with its weight), `18 - 65`, `30 %`, or a text with `{n}`. */
export interface FieldRow {
  name: string
  kind: 'pick' | 'between' | 'chance' | 'text'
  text: string
}

/** Something contacts do by themselves. Figures as text. */
export interface EventRow {
  name: string
  /** A node's id; empty: after they came. */
  after: string
  percent: string
  hours: string
}

/** How a step that calls turns out. */
export interface ModelRow {
  failPercent: string
  /** What it gives besides its example, so often, or once an event has happened. */
  givesPercent: string
  givesText: string
  when: string
}

export interface SimulationForm {
  contacts: string
  days: string
  arrive: 'at_once' | 'even' | 'random'
  seed: string
  fields: readonly FieldRow[]
  events: readonly EventRow[]
  models: Readonly<Record<string, ModelRow>>
}

export const usualForm: SimulationForm = {
  contacts: '100',
  days: '30',
  arrive: 'at_once',
  seed: '1',
  fields: [],
  events: [],
  models: {},
}

export const usualModel: ModelRow = { failPercent: '', givesPercent: '', givesText: '', when: '' }

/** The form as a request over these nodes, or what is wrong with it, in words. */
export function readForm(
  form: SimulationForm,
  { sample, trigger, nodeIds }: { sample: Json; trigger: string; nodeIds: readonly string[] },
): { request: Partial<SimulateRequest> } | { reason: string } {
  try {
    const fields = Object.fromEntries(
      form.fields.filter(({ name }) => name.trim() !== '').map((row) => [row.name.trim(), readField(row)]),
    )
    const events = form.events.filter(({ name }) => name.trim() !== '').map((row) => readEvent(row, nodeIds))
    const models = nodeIds.flatMap((id) => {
      const row = Object.hasOwn(form.models, id) ? form.models[id] : undefined
      const model = row === undefined ? undefined : readModel(row)
      return model === undefined ? [] : [[id, model] as const]
    })
    return {
      request: {
        trigger,
        contacts: readNumber(form.contacts, 'Contacts', 1, 10_000),
        days: readNumber(form.days, 'Days', 0.001, 365),
        arrivals: { pattern: form.arrive },
        seed: form.seed.trim() === '' ? '1' : form.seed.trim().slice(0, 100),
        samples: [sample],
        events,
        ...(Object.keys(fields).length > 0 && { fields }),
        ...(models.length > 0 && { nodes: Object.fromEntries(models) }),
      },
    }
  } catch (error) {
    if (error instanceof Unreadable) return { reason: error.message }
    throw error
  }
}

class Unreadable extends Error {}

function readNumber(text: string, what: string, min: number, max: number): number {
  const number = Number(text.replace(',', '.'))
  if (text.trim() === '' || !Number.isFinite(number) || number < min || number > max) {
    throw new Unreadable(`${what} must be a number from ${min} to ${max.toLocaleString('en')}.`)
  }
  return number
}

function readPercent(text: string, what: string): number {
  return readNumber(text.replace('%', ''), what, 0, 100) / 100
}

function readField({ name, kind, text }: FieldRow): ContactField {
  switch (kind) {
    case 'pick': {
      const entries = text.split(',').map((part) => part.trim())
      if (entries.some((entry) => entry === '')) {
        throw new Unreadable(`Say which values ${name} has, with commas between them.`)
      }
      return {
        pick: entries.map((entry) => {
          const [, value = entry, weight] = /^(.*?)(?:\s*:\s*(\d+(?:\.\d+)?))?$/.exec(entry) ?? []
          return { value: looseValue(value), weight: weight === undefined ? 1 : Number(weight) }
        }),
      }
    }
    case 'between': {
      const [, from, to] = /^\s*(-?\d+(?:\.\d+)?)\s*(?:-|–|to|\.\.)\s*(-?\d+(?:\.\d+)?)\s*$/.exec(text) ?? []
      if (from === undefined || to === undefined) throw new Unreadable(`Write ${name} as 18 - 65.`)
      const decimals = Math.max(...[from, to].map((number) => number.split('.')[1]?.length ?? 0))
      return { between: [Number(from), Number(to)], decimals: Math.min(6, decimals) }
    }
    case 'chance':
      return { chance: readPercent(text, `How often ${name} is true`) }
    case 'text':
      return { text }
  }
}

/** `true`, `7` and `null` are what they write; the rest is text. */
function looseValue(text: string): Json {
  return /^(true|false|null|-?\d+(\.\d+)?)$/.test(text) ? (JSON.parse(text) as Json) : text
}

function readEvent({ name, after, percent, hours }: EventRow, nodeIds: readonly string[]) {
  const what = name.trim()
  return {
    name: what,
    probability: readPercent(percent, `How many ${what}`),
    withinHours: readNumber(hours, `The hours of ${what}`, 0.001, 8_760),
    fromHours: 0,
    ...(nodeIds.includes(after) && { after }),
  }
}

function readModel({ failPercent, givesPercent, givesText, when }: ModelRow) {
  const failureRate = failPercent.trim() === '' ? undefined : readPercent(failPercent, 'How many calls fail')
  const gives = givesText.trim()
  if (failureRate === undefined && gives === '') return undefined
  return {
    ...(failureRate !== undefined && { failureRate }),
    ...(gives !== '' && {
      outcomes: [
        {
          share: givesPercent.trim() === '' ? 1 : readPercent(givesPercent, 'How often a step gives something else'),
          output: readJson(gives),
          ...(when.trim() !== '' && { when: when.trim() }),
        },
      ],
    }),
  }
}

function readJson(text: string): Json {
  try {
    return JSON.parse(text) as Json
  } catch {
    throw new Unreadable('What a step gives is not JSON yet.')
  }
}
