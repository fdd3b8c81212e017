// pack-messages
//
// What an inbox has to tell, in as few queue messages as the platform's sizes allow: a message is 128 KB.

import { joinRows } from '../../store/records.ts'
import { maxCarried, maxRefsPerMessage, type InboxRefs, type RecordsMessage, type TriggerMessage } from './messages.ts'

/** A record to tell of, as text where that is at hand. */
export interface RecordParcel {
  number: number
  text?: string | undefined
}

type Place = Omit<InboxRefs, 'refs'>

export function packTriggers(place: Place, numbers: readonly number[]): TriggerMessage[] {
  const messages: TriggerMessage[] = []
  for (let from = 0; from < numbers.length; from += maxRefsPerMessage) {
    messages.push({ v: 2, ...place, refs: numbers.slice(from, from + maxRefsPerMessage) })
  }
  return messages
}

/** Small records are carried along; of the others the message tells only that they are there. */
export function packRecords(place: Place, parcels: readonly RecordParcel[]): RecordsMessage[] {
  const messages: RecordsMessage[] = []
  let refs: number[] = []
  let texts: string[] = []
  let size = 0

  const carry = () => {
    if (refs.length > 0) messages.push({ v: 2, ...place, refs, records: joinRows(texts) })
    refs = []
    texts = []
    size = 0
  }

  for (const { number, text } of parcels) {
    if (text === undefined || !isCarried(text)) {
      messages.push({ v: 2, ...place, refs: [number] })
      continue
    }
    if (size + text.length > maxCarried || refs.length === maxRefsPerMessage) carry()
    refs.push(number)
    texts.push(text)
    size += text.length
  }
  carry()
  return messages
}

/** Whether a record is small enough to travel in a message. */
export function isCarried(text: string): boolean {
  return text.length <= maxCarried
}
