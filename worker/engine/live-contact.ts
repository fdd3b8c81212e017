// live-contact: what an execution reads of its contact
//
// The contact may change while an execution goes on, and `contact` is read anew for each turn.
//
//   L1. Only a plan whose expressions read `contact` is given one, and of it only what they read: the journal stays small.
//   L2. What a turn saw is in the journal before what it decided by it (`contactRead`), and only when it has changed. So a
//       journal says by itself what was known, and folding it gives the same again.
//   L3. Nothing is decided by a contact that was not looked at: a turn without one records what was reported, says that
//       it waits for it (`contactAwaited`), and asks for the next turn at once.

import { isEnding, record, type Turn } from './turn.ts'

/** Whether the engine has to wait until its host has read the contact. */
export function lacksContact(turn: Turn): boolean {
  return turn.plan.contactReads !== null && turn.contact === undefined && !isEnding(turn.state)
}

/** Notes that nothing is decided in this turn. */
export function noteLack(turn: Turn): void {
  if (!turn.state.awaitsContact) record(turn, { type: 'contactAwaited', at: turn.at })
}
