// objects: Durable Objects, as far as the platform promises anything about them
//
//   O1. One at a time and one thread each. It comes to life by a call or its alarm, and may die at any event.
//   O2. The output gate: nothing leaves an object (answers, calls, messages, requests) before what it wrote before is
//       committed. What was not committed when it dies never was, and neither was what waited for it.
//   O3. An alarm is part of what is committed. It rings at least once, at its time or later; one that throws, or whose
//       object dies, rings again, six times, and then never.
//   O4. Who called an object that died is told so, and does not know what came of the call.

import { copyOf } from './copy.ts'
import { Sqlite, givesRows, isRead } from './sql.ts'
import type { Faults } from './faults.ts'
import type { Process, Timeline } from './timeline.ts'

/** What an object has, whether it lives or not. */
export interface Disk {
  readonly sql: Sqlite
  alarmAt: number | null
  /** Of the alarm that is set: an older one does not ring. */
  alarmNumber: number
  ringing: number | null
}

type Methods = Record<string, (...args: unknown[]) => unknown>
/** An object's class, and what it is given for its `env`. */
export interface ObjectKind {
  binding: string
  create(ctx: unknown, env: unknown): object
  env(object: LivingObject): object
}

const maxRings = 6

/** An object outlives an alarm that was fatal by so much at the most, in ms. */
const maxLifeMs = 15

/** What a method of an object gave. */
export interface Answer {
  /** The object's. */
  name: string
  method: string
  args: unknown[]
  value: unknown
  arrivedAt: number
  before: unknown
}

/** All objects of one class. */
export class Objects {
  readonly kind: ObjectKind
  readonly disks = new Map<string, Disk>()
  readonly living = new Map<string, LivingObject>()
  readonly #timeline: Timeline
  readonly #faults: Faults
  /** Alarms that were given up. */
  givenUp = 0
  /** Called with what a method gave as soon as that is durable, whether its caller hears of it or not. */
  onAnswer: (answer: Answer) => void = () => {}
  /** Called just before a method; what it gives is `before` of its answer. */
  onCall: (object: LivingObject, method: string) => unknown = () => undefined
  /** Called with what is on disk as soon as it is. */
  onCommit: (object: LivingObject) => void = () => {}

  constructor(kind: ObjectKind, timeline: Timeline, faults: Faults) {
    this.kind = kind
    this.#timeline = timeline
    this.#faults = faults
  }

  /** The binding as a process sees it. */
  binding(caller: Caller): { getByName(name: string): object } {
    return {
      getByName: (name) =>
        new Proxy(
          {},
          {
            get: (_, method) =>
              // A stub is no promise, whoever asks.
              method === 'then' ? undefined : (...args: unknown[]) => this.#call(caller, name, String(method), args),
          },
        ),
    }
  }

  /** The object of that name, brought to life where it sleeps. */
  wake(name: string): LivingObject {
    const known = this.living.get(name)
    if (known !== undefined) return known
    let disk = this.disks.get(name)
    if (disk === undefined) {
      disk = { sql: Sqlite.take(), alarmAt: null, alarmNumber: 0, ringing: null }
      this.disks.set(name, disk)
    }
    const object = new LivingObject(`${this.kind.binding} ${name}`, name, disk, this.#timeline, this.#faults, this)
    this.living.set(name, object)
    object.instance = this.kind.create(object.ctx, this.kind.env(object)) as Methods
    return object
  }

  /** Ends a process. What it had not committed is gone. */
  kill(object: LivingObject): void {
    if (!object.alive) return
    object.alive = false
    this.living.delete(object.objectName)
    object.disk.sql.rollback()
    for (const told of object.callers) told()
    object.callers.clear()
    if (object.disk.ringing !== null) this.#ringAgain(object.objectName, object.disk)
  }

  /** Sets the alarm that was committed. */
  arm(name: string, disk: Disk, at: number | null): void {
    disk.alarmAt = at
    disk.alarmNumber += 1
    if (at === null) return
    const number = disk.alarmNumber
    const isFatal = this.#faults.strikes('alarm.fatal')
    if (this.#faults.strikes('alarm.lost') || isFatal) {
      disk.alarmAt = null
      this.givenUp += 1
      if (isFatal) this.#timeline.schedule(null, 'dies', () => this.#end(name), this.#timeline.random.int(0, maxLifeMs))
      return
    }
    const late = this.#faults.strikes('alarm.late') ? this.#timeline.random.int(1_000, 90_000) : 0
    const ring = () => this.#ring(name, disk, number)
    const inMs = Math.max(0, at - this.#timeline.now) + late + this.#timeline.random.int(0, 20)
    this.#timeline.schedule(null, `alarm ${this.kind.binding}`, ring, inMs)
  }

  #end(name: string): void {
    const object = this.living.get(name)
    if (object !== undefined) this.kill(object)
  }

  #ring(name: string, disk: Disk, number: number): void {
    if (disk.alarmNumber !== number || disk.alarmAt === null) return
    disk.alarmAt = null
    disk.ringing = 0
    this.#shout(name, disk)
    if (this.#faults.strikes('alarm.twice')) {
      this.#timeline.schedule(null, 'alarm twice', () => this.wake(name).enter((methods) => void methods['alarm']!()))
    }
  }

  #shout(name: string, disk: Disk): void {
    const object = this.wake(name)
    const end = () =>
      object.outgoing(() => {
        disk.ringing = null
      })
    object.enter((methods) => {
      void Promise.resolve()
        .then(() => methods['alarm']!())
        .then(end, () => this.#ringAgain(name, disk))
    })
  }

  #ringAgain(name: string, disk: Disk): void {
    const rings = disk.ringing ?? 0
    disk.ringing = null
    // One that was set meanwhile takes its place.
    if (disk.alarmAt !== null) return
    if (rings >= maxRings) {
      this.givenUp += 1
      return
    }
    const number = disk.alarmNumber
    const again = () => {
      if (disk.alarmNumber !== number || disk.ringing !== null) return
      disk.ringing = rings + 1
      this.#shout(name, disk)
    }
    this.#timeline.schedule(null, 'alarm again', again, 2_000 * 2 ** rings)
  }

  #call(caller: Caller, name: string, method: string, args: unknown[]): Promise<unknown> {
    return new Promise((resolve, reject) => {
      const { process } = caller
      const answer = (what: string, tell: () => void) => this.#timeline.schedule(process, `${what} ${method}`, tell)
      const lose = () => answer('lost', () => reject(new PlatformError('Network connection lost.')))
      const sent = copyOf(args)
      caller.outgoing(() => {
        if (this.#faults.strikes('call.lost')) return void lose()
        this.#timeline.schedule(null, `call ${method}`, () => {
          const object = this.wake(name)
          object.callers.add(lose)
          const arrivedAt = this.#timeline.now
          const before = this.onCall(object, method)
          const give = (tell: () => void, value?: unknown) =>
            object.outgoing(() => {
              object.callers.delete(lose)
              this.onAnswer({ name, method, args: sent, value, arrivedAt, before })
              if (this.#faults.strikes('answer.lost')) lose()
              else answer('answer', tell)
            })
          object.enter((methods) => {
            void Promise.resolve()
              .then(() => methods[method]!(...sent))
              .then(
                (value) => {
                  const copy = copyOf(value)
                  give(() => resolve(copy), copy)
                },
                (error: unknown) => give(() => reject(error instanceof Error ? error : new Error(String(error)))),
              )
          })
        })
      })
    })
  }
}

/** What the platform throws where a call did not come through. */
export class PlatformError extends Error {
  readonly retryable = true
}

/** Who calls, sends and asks: a process, and the gate before what it lets out. */
export interface Caller {
  readonly process: Process
  outgoing(run: () => void): void
}

export class LivingObject implements Process, Caller {
  readonly name: string
  readonly objectName: string
  readonly disk: Disk
  readonly ctx: object
  alive = true
  instance: Methods = {}
  /** Who waits for an answer, and is to be told if none comes. */
  readonly callers = new Set<() => void>()
  readonly #timeline: Timeline
  readonly #faults: Faults
  readonly #objects: Objects
  #isDirty = false
  #isBroken = false
  /** The alarm as it will be with the next commit. */
  #alarm: { at: number | null } | null = null
  #waiting: (() => void)[] = []

  constructor(name: string, objectName: string, disk: Disk, timeline: Timeline, faults: Faults, objects: Objects) {
    this.name = name
    this.objectName = objectName
    this.disk = disk
    this.#timeline = timeline
    this.#faults = faults
    this.#objects = objects
    this.ctx = this.#context()
  }

  get process(): Process {
    return this
  }

  /** Runs code of the object. */
  enter(run: (methods: Methods) => void): void {
    this.#timeline.current = this
    run(this.instance)
  }

  outgoing(run: () => void): void {
    if (this.#isDirty) this.#waiting.push(run)
    else run()
  }

  #touch(): void {
    if (this.#isDirty) return
    this.#isDirty = true
    this.disk.sql.begin()
    this.#timeline.schedule(this, 'commit', () => this.#commit())
  }

  #commit(): void {
    if (this.#isBroken || this.#faults.strikes('commit.fails')) return this.#objects.kill(this)
    this.disk.sql.commit()
    this.#isDirty = false
    const alarm = this.#alarm
    this.#alarm = null
    if (alarm !== null) this.#objects.arm(this.objectName, this.disk, alarm.at)
    this.#objects.onCommit(this)
    for (const run of this.#waiting.splice(0)) run()
  }

  #exec(query: string, bindings: unknown[]): object {
    const { sql } = this.disk
    if (isRead(query)) return cursor(sql.all(query, bindings), 0)
    if (this.#isBroken) throw new Error('storage: disk I/O error')
    this.#touch()
    if (this.#faults.strikes('storage.fails')) {
      // What was written since the last commit goes with it, and so does the object as soon as it lets go.
      this.#isBroken = true
      throw new Error('storage: disk I/O error')
    }
    if (givesRows(query)) return cursor(sql.all(query, bindings), 0)
    return cursor([], sql.run(query, bindings))
  }

  #context(): object {
    const exec = (query: string, ...bindings: unknown[]) => this.#exec(query, bindings)
    const setAlarm = (at: number | null) => {
      this.#touch()
      this.#alarm = { at }
      return Promise.resolve()
    }
    return {
      id: { name: this.objectName },
      waitUntil: (promise: Promise<unknown>) => void promise.catch(() => undefined),
      blockConcurrencyWhile: (run: () => Promise<unknown>) => run(),
      getWebSockets: () => [],
      storage: {
        sql: { exec },
        kv: this.#keyValues(),
        setAlarm,
        deleteAlarm: () => setAlarm(null),
        getAlarm: () => Promise.resolve(this.#alarm === null ? this.disk.alarmAt : this.#alarm.at),
        deleteAll: () => {
          this.#touch()
          this.disk.sql.dropAll()
          return setAlarm(null)
        },
        transactionSync: <Result>(run: () => Result) => this.#transaction(run),
        sync: () => new Promise<void>((resolve) => this.outgoing(resolve)),
      },
    }
  }

  #keyValues(): object {
    const table = () => this.disk.sql.run('CREATE TABLE IF NOT EXISTS _kv (key TEXT PRIMARY KEY, value TEXT)', [])
    return {
      get: (key: string) => {
        if (this.disk.sql.all(`SELECT 1 FROM sqlite_master WHERE name = '_kv'`, []).length === 0) return undefined
        const [row] = this.disk.sql.all('SELECT value FROM _kv WHERE key = ?', [key])
        return row === undefined ? undefined : (JSON.parse(String(row['value'])) as unknown)
      },
      put: (key: string, value: unknown) => {
        this.#touch()
        table()
        this.disk.sql.run('INSERT OR REPLACE INTO _kv VALUES (?, ?)', [key, JSON.stringify(value)])
      },
      delete: (key: string) => {
        this.#touch()
        table()
        return this.disk.sql.run('DELETE FROM _kv WHERE key = ?', [key]) > 0
      },
    }
  }

  #transaction<Result>(run: () => Result): Result {
    this.#touch()
    return this.disk.sql.together(run)
  }
}

function cursor(rows: Record<string, unknown>[], rowsWritten: number): object {
  return {
    rowsWritten,
    rowsRead: rows.length,
    toArray: () => rows,
    one: () => {
      if (rows.length !== 1) throw new Error(`one row was wanted, there are ${rows.length}`)
      return rows[0]
    },
    [Symbol.iterator]: () => rows[Symbol.iterator](),
  }
}
