// faults: what goes wrong in a run, as data, so that a failing run can be told and made smaller

/** Each is counted by itself: `{ kind: 'queue.lost', nth: 2 }` loses the second message that any queue accepts. */
export const faultKinds = [
  /** Of all events the nth comes after the machine died and came up again; what the queues held is kept, or lost. */
  'machine.dies',
  'power.cut',
  /** One process dies instead: the object that the nth event belongs to, or the one that serves and consumes. */
  'object.dies',
  'front.dies',
  /** A statement fails; a commit fails, and the object with it. */
  'storage.fails',
  'commit.fails',
  /** A call to an object does not get there; it does, and its answer does not come back. */
  'call.lost',
  'answer.lost',
  /** The way out holds a call back. */
  'call.held',
  'queue.refuses',
  'queue.lost',
  'queue.twice',
  'queue.late',
  'alarm.late',
  'alarm.twice',
  /** The platform gives an alarm up. Only the sweeper helps then. */
  'alarm.lost',
  /** It gives an alarm up, and soon after that the object dies that trusts in it. */
  'alarm.fatal',
  'database.fails',
  /** It does what it is told, and then says that it failed. */
  'database.silent',
] as const
export type FaultKind = (typeof faultKinds)[number]

export interface Fault {
  kind: FaultKind
  nth: number
}

/** Whether the platform gave an alarm up: only the sweeper helps then. */
export function isGivenUp({ kind }: Fault): boolean {
  return kind === 'alarm.lost' || kind === 'alarm.fatal'
}

/** Counts what happens and says where something goes wrong. */
export class Faults {
  readonly fired: Fault[] = []
  readonly #planned = new Map<FaultKind, Set<number>>()
  /** Of those that are planned only: they are asked for at every event. */
  readonly #counts = new Map<FaultKind, number>()

  constructor(planned: readonly Fault[]) {
    for (const { kind, nth } of planned) this.#planned.set(kind, (this.#planned.get(kind) ?? new Set()).add(nth))
  }

  /** Whether this one goes wrong. */
  strikes(kind: FaultKind): boolean {
    const planned = this.#planned.get(kind)
    if (planned === undefined) return false
    const nth = (this.#counts.get(kind) ?? 0) + 1
    this.#counts.set(kind, nth)
    if (!planned.has(nth)) return false
    this.fired.push({ kind, nth })
    return true
  }
}
