// pack-messages
//
// What an inbox has to send, packed into as few messages and sends as the platform's sizes allow: a send takes 100
// messages and 256 KB, a message 128 KB.

import { joinLists } from '../../store/records.ts'
import {
  maxCarried,
  maxRefsPerMessage,
  type InboxRefs,
  type PendingRef,
  type RecordsMessage,
  type TriggerMessage,
} from '../messages.ts'
import type { PendingKind } from './inbox-table.ts'

/** One pending event to send. `records` is JSON text of a list, at hand when the event was just accepted. */
export interface Parcel {
  ref: PendingRef
  kind: PendingKind
  records?: string
}

export interface Packed {
  triggers: { body: TriggerMessage }[][]
  records: { body: RecordsMessage }[][]
}

const maxMessagesPerSend = 100
/** Three bytes a character at worst, and some for the refs. */
const maxCharactersPerSend = 78_000

export function packMessages(place: Omit<InboxRefs, 'refs'>, parcels: readonly Parcel[]): Packed {
  const triggers: TriggerMessage[] = []
  const records: RecordsMessage[] = []
  let carrying: { refs: PendingRef[]; texts: string[]; size: number } | undefined

  const carry = () => {
    if (carrying === undefined) return
    records.push({ v: 1, ...place, refs: carrying.refs, records: joinLists(carrying.texts) })
    carrying = undefined
  }

  for (const { ref, kind, records: text } of parcels) {
    if (kind === 'trigger') {
      const last = triggers.at(-1)
      if (last !== undefined && last.refs.length < maxRefsPerMessage) last.refs.push(ref)
      else triggers.push({ v: 1, ...place, refs: [ref] })
    } else if (text === undefined || text.length > maxCarried) {
      records.push({ v: 1, ...place, refs: [ref] })
    } else {
      if (carrying !== undefined && carrying.size + text.length > maxCarried) carry()
      carrying ??= { refs: [], texts: [], size: 0 }
      carrying.refs.push(ref)
      carrying.texts.push(text)
      carrying.size += text.length
    }
  }
  carry()
  return { triggers: inSends(triggers), records: inSends(records) }
}

function inSends<Body extends TriggerMessage | RecordsMessage>(bodies: readonly Body[]): { body: Body }[][] {
  const sends: { body: Body }[][] = []
  let size = 0
  for (const body of bodies) {
    const length = 100 + body.refs.length * 300 + ('records' in body ? (body.records?.length ?? 0) : 0)
    const last = sends.at(-1)
    if (last === undefined || last.length === maxMessagesPerSend || size + length > maxCharactersPerSend) {
      sends.push([{ body }])
      size = length
    } else {
      last.push({ body })
      size += length
    }
  }
  return sends
}
