// mutants: mistakes of the kind that tests are there to find, each as a change of the source
//
// A mutant whose place has moved is of no use, so its anchors must be in the source exactly once; `test/prove/mutants.test.ts`
// sees to that. When code moves, the mutant moves with it.

export interface Edit {
  /** From the repository's root. */
  file: string
  /** Text that is in the file exactly once. */
  anchor: string
  becomes: string
}

export interface Mutant {
  name: string
  /** What is wrong with it. */
  says: string
  edits: Edit[]
  /** What must notice: the simulation, that of contacts, or a test file. */
  caughtBy: 'simulation' | 'simulation of contacts' | (string & {})
}

const executionLoop = 'worker/runtime/execution/execution-loop.ts'
const executionAlarm = 'worker/runtime/execution/alarm.ts'

export const mutants: readonly Mutant[] = [
  {
    name: 'commit-after-ack',
    says: 'A turn is written down a moment after its effects and answers have gone out.',
    edits: [
      {
        file: executionLoop,
        anchor: '        this.#journal.append(entry)\n',
        becomes: '        setTimeout(() => this.#journal.append(entry), 20)\n',
      },
    ],
    caughtBy: 'simulation',
  },
  {
    name: 'no-dedupe',
    says: 'An event that comes again is taken for a new one.',
    edits: [
      {
        file: 'worker/runtime/inbox/admit.ts',
        anchor:
          "  return seen.bodyHash === offer.bodyHash ? { kind: 'duplicate', seen } : { kind: 'conflict', seen }\n",
        becomes: "  return { kind: 'replace', seen }\n",
      },
    ],
    caughtBy: 'simulation',
  },
  {
    name: 'alarm-not-re-armed',
    says: 'An alarm that has rung counts as one that is still set.',
    edits: [
      {
        file: executionAlarm,
        anchor: '  ring(): Promise<void> {\n    this.#armedAt = null\n',
        becomes: '  ring(): Promise<void> {\n',
      },
      {
        file: executionAlarm,
        anchor: '  rest(at: ReturnType<typeof nextAlarm>): void {\n    this.#armedAt = null\n',
        becomes: '  rest(at: ReturnType<typeof nextAlarm>): void {\n',
      },
    ],
    caughtBy: 'simulation',
  },
  {
    name: 'intent-not-persisted',
    says: 'That a call is about to be made is not on disk before it is made.',
    edits: [
      {
        file: executionLoop,
        anchor: '        this.#journal.append(entry)\n',
        becomes: '        if (outstanding.invocations.length === 0) this.#journal.append(entry)\n',
      },
    ],
    caughtBy: 'simulation',
  },
  {
    name: 'snapshot-ahead-of-its-turn',
    says: 'A snapshot counts for the turn that follows it.',
    edits: [
      {
        file: 'worker/runtime/execution/snapshots.ts',
        anchor: '    journal.keepSnapshot(state.seq, text)\n',
        becomes: '    journal.keepSnapshot(state.seq + 1, text)\n',
      },
      {
        file: 'worker/runtime/execution/snapshots.ts',
        anchor: 'state === undefined || state.seq === seq',
        becomes: 'true',
      },
    ],
    caughtBy: 'simulation',
  },
  {
    name: 'snapshot-without-its-turn',
    says: 'A snapshot is written down a moment after its turn, as things stand then.',
    edits: [
      {
        file: 'worker/runtime/execution/snapshots.ts',
        anchor: '    journal.keepSnapshot(state.seq, text)\n',
        becomes: '    const { seq } = state\n    setTimeout(() => journal.keepSnapshot(seq, freeze(state)), 20)\n',
      },
      {
        file: 'worker/runtime/execution/snapshots.ts',
        anchor: 'state === undefined || state.seq === seq',
        becomes: 'true',
      },
    ],
    caughtBy: 'simulation',
  },
  {
    name: 'run-with-a-gap-before-it',
    says: 'Of a long journal the last turn is handed over, whether D1 has those before it or not.',
    edits: [
      {
        file: 'worker/runtime/records/record-text.ts',
        anchor: 'Math.min(known.seq + 1, record.seq)',
        becomes: 'record.seq',
      },
    ],
    caughtBy: 'simulation',
  },
  {
    name: 'run-replaces-a-newer-one',
    says: 'A part of a journal that comes late replaces what reaches further.',
    edits: [
      {
        file: 'worker/store/records.ts',
        anchor: ".join(', ')}) AS new\nWHERE NOT EXISTS (\n",
        becomes: ".join(', ')}) AS new\nWHERE true OR NOT EXISTS (\n",
      },
    ],
    caughtBy: 'simulation',
  },
  {
    name: 'key-includes-attempt',
    says: 'Each attempt of a step goes out under a key of its own.',
    edits: [
      {
        file: 'worker/runtime/calls/calls.ts',
        anchor: '        path: invocation.path,\n',
        becomes: '        path: `${invocation.path}/${invocation.attempt}`,\n',
      },
    ],
    caughtBy: 'simulation',
  },
  {
    name: 'cancel-ignored-in-parallel',
    says: 'While branches go on, a cancellation is written down and nothing else.',
    edits: [
      {
        file: 'worker/engine/finish.ts',
        anchor: '  if (state.cancelling !== null) {\n',
        becomes: '  if (state.cancelling !== null && Object.keys(state.regions).length === 0) {\n',
      },
      {
        file: 'worker/engine/turn.ts',
        anchor: 'cancelling !== null ||',
        becomes: 'false ||',
      },
    ],
    caughtBy: 'simulation',
  },
  {
    name: 'timer-compares-with-less',
    says: 'A wait that is due now is not due yet.',
    edits: [
      {
        file: 'worker/engine/steps/wait.ts',
        anchor: 'if (step.dueAt <= turn.at) endWait(',
        becomes: 'if (step.dueAt < turn.at) endWait(',
      },
    ],
    caughtBy: 'test/engine/waiting.test.ts',
  },
  {
    name: 'outbox-emptied-before-send',
    says: 'A record counts as handed over before it is.',
    edits: [
      {
        file: 'worker/runtime/execution/recorder.ts',
        anchor: '    const { organizationId, executionId, inbox } = header\n',
        becomes: '    const { organizationId, executionId, inbox } = header\n    this.#recorded = name\n',
      },
    ],
    caughtBy: 'simulation',
  },
  {
    name: 'loop-counter-in-memory',
    says: 'Which iteration comes next is counted where it is decided, and not kept by the journal.',
    edits: [
      {
        file: 'worker/engine/holding.ts',
        anchor: '  step.next = index + 1\n  step.live[index] = ',
        becomes: '  step.live[index] = ',
      },
      {
        file: 'worker/engine/steps/loop.ts',
        anchor: '    turn.begun += 1\n    let skip',
        becomes: '    turn.begun += 1\n    step.next = index + 1\n    let skip',
      },
    ],
    caughtBy: 'simulation',
  },
  {
    name: 'dst-by-fixed-offset',
    says: 'The clocks of a zone are as far ahead all year as they are in January.',
    edits: [
      {
        file: 'worker/expressions/dates/zone.ts',
        anchor: 'readOffset(zone.format.format(epochMs))',
        becomes: 'readOffset(zone.format.format(Date.UTC(2026, 0, 15)))',
      },
    ],
    caughtBy: 'test/expressions/date.test.ts',
  },
  {
    name: 'memory-shared-across-organizations',
    says: 'What an isolate remembers of one organization is given to the next.',
    edits: [
      {
        file: 'worker/runtime/plans.ts',
        anchor: 'calendars.get(organizationId)',
        becomes: "calendars.get('')",
      },
      {
        file: 'worker/runtime/plans.ts',
        anchor: 'calendars.set(organizationId, read)',
        becomes: "calendars.set('', read)",
      },
    ],
    caughtBy: 'test/simulation/plans.test.ts',
  },
  {
    name: 'breaker-shared-across-organizations',
    says: 'A host that fails one organization is held back from all.',
    edits: [
      {
        file: 'worker/runtime/outbound/outbound.ts',
        anchor: 'const key = outboundName(name)',
        becomes: 'const key = host',
      },
    ],
    caughtBy: 'test/outbound/outbound.test.ts',
  },
  {
    name: 'projection-not-idempotent',
    says: 'A record that comes twice or late replaces a newer one.',
    edits: [
      {
        file: 'worker/store/records.ts',
        anchor: 'WHERE excluded.generation > generation OR (excluded.generation = generation AND excluded.seq > seq)`',
        becomes: 'WHERE true`',
      },
    ],
    caughtBy: 'simulation',
  },
  {
    name: 'confirmed-too-soon',
    says: 'An event counts as done as soon as its execution has an object, which D1 does not know.',
    edits: [
      {
        file: 'worker/runtime/queues/consume-trigger.ts',
        anchor: "if (isNew && inbox !== undefined) return { kind: 'takenOver' }",
        becomes: 'if (isNew) return nothing',
      },
      {
        file: 'worker/runtime/queues/consume-trigger.ts',
        anchor: 'starts.length > 1 || place.number === undefined ? undefined :',
        becomes: 'starts.length > 0 || place.number === undefined ? undefined :',
      },
    ],
    caughtBy: 'simulation',
  },
  {
    name: 'end-told-once',
    says: 'That an execution has ended is said to who called it once, whether that heard it or not.',
    edits: [
      {
        file: 'worker/runtime/execution/notifications.ts',
        anchor: '    if (parent === null || news === undefined || this.#told === generation) return\n',
        becomes:
          '    if (parent === null || news === undefined || this.#told === generation) return\n    this.#told = generation\n',
      },
    ],
    caughtBy: 'simulation',
  },
  {
    name: 'cancelled-before-it-is-there',
    says: 'A call that is not wanted any more is taken back while the execution that it calls is still being started.',
    edits: [
      {
        file: 'worker/runtime/execution/children.ts',
        anchor: '    await this.#underWay.get(`start ${key}`)\n',
        becomes: '',
      },
    ],
    caughtBy: 'simulation',
  },
  {
    name: 'gate-forgets-who-is-inside',
    says: 'A gate that comes up again knows who waits, and nothing of those whom it has let in.',
    edits: [
      {
        file: 'worker/runtime/gate/gate-table.ts',
        anchor: "sql.exec<Row>('SELECT * FROM places').toArray()",
        becomes: `sql.exec<Row>("SELECT * FROM places WHERE standing <> 'inside'").toArray()`,
      },
    ],
    caughtBy: 'simulation',
  },
  {
    name: 'queued-looked-for-by-nobody',
    says: 'Whoever sweeps leaves those alone who are queued.',
    edits: [
      {
        file: 'worker/runtime/sweep.ts',
        anchor: '  const queued = await listQueued(logs, now - graceMs, maxQueued)\n',
        becomes: '  const queued = (await listQueued(logs, now - graceMs, maxQueued)).slice(0, 0)\n',
      },
    ],
    caughtBy: 'simulation',
  },
  {
    name: 'last-come-first-let-in',
    says: 'Of those who wait at a gate the last is let in first.',
    edits: [
      {
        file: 'worker/concurrency/limit-running.ts',
        anchor: '  for (const place of waitingIn(line)) {\n    if (free-- <= 0) return\n',
        becomes: '  for (const place of waitingIn(line).toReversed()) {\n    if (free-- <= 0) return\n',
      },
    ],
    caughtBy: 'simulation',
  },
  {
    name: 'order-given-up-unheard',
    says: 'What an execution is to be told is forgotten when it has not begun yet.',
    edits: [
      {
        file: 'worker/runtime/contact/tell-of-enrolments.ts',
        anchor: 'Date.now() > at + orderForMs',
        becomes: 'true',
      },
    ],
    caughtBy: 'simulation of contacts',
  },
  {
    name: 'sent-away-twice',
    says: 'An execution that is told again to go on elsewhere goes there again.',
    edits: [
      {
        file: 'worker/runtime/execution/interventions.ts',
        anchor: 'if (!wasFollowed) loop.turn(',
        becomes: 'loop.turn(',
      },
    ],
    caughtBy: 'simulation of contacts',
  },
  {
    name: 'goal-looked-for-in-passing',
    says: 'An event counts as done before its contact has looked for goals in it.',
    edits: [
      {
        file: 'worker/runtime/waiters/wake-waiters.ts',
        anchor: '    await bringToContact(env, trigger, contactId, routesAt)\n',
        becomes: '    void bringToContact(env, trigger, contactId, routesAt).catch(() => undefined)\n',
      },
    ],
    caughtBy: 'simulation of contacts',
  },
  {
    name: 'end-of-stay-told-once',
    says: 'That an execution is over is said to its contact once, whether that heard it or not.',
    edits: [
      {
        file: 'worker/runtime/execution/notifications.ts',
        anchor: '    if (header.enrolled === undefined || state.finished === null || this.#left) return\n',
        becomes:
          '    if (header.enrolled === undefined || state.finished === null || this.#left) return\n    this.#left = true\n',
      },
    ],
    caughtBy: 'simulation of contacts',
  },
  {
    name: 'change-forgotten-before-told',
    says: 'What a change of a contact has to say is taken out of the outbox before an inbox has it.',
    edits: [
      {
        file: 'worker/runtime/contact/contact-object.ts',
        anchor: '    const unsent = entries.filter(({ sent }) => !sent)\n',
        becomes:
          '    const unsent = entries.filter(({ sent }) => !sent)\n    this.#table.discard(entries.map(({ revision }) => revision))\n',
      },
    ],
    caughtBy: 'simulation of contacts',
  },
  {
    name: 'calls-forgotten',
    says: 'Whoever begins an execution anew knows nothing of the calls that were made where it arrived.',
    edits: [
      {
        file: 'worker/runtime/queues/consume-trigger.ts',
        anchor: 'trigger.played === undefined ? begun : goingOn(begun, trigger.played)',
        becomes: 'begun',
      },
    ],
    caughtBy: 'simulation',
  },
  {
    name: 'calls-made-beside',
    says: 'An object makes the calls again that are under way where its execution began.',
    edits: [
      {
        file: 'worker/runtime/execution/execution-loop.ts',
        anchor: '      this.#effects.leave(underWay(given, live.outstanding))\n',
        becomes: '',
      },
    ],
    caughtBy: 'simulation',
  },
  {
    name: 'called-before-durable',
    says: 'What follows from a call is called for before what came of that call is durable.',
    edits: [
      {
        file: 'worker/runtime/start/play-calls.ts',
        anchor: '    if (!(await this.#keepPlayed())) return this.#over.resolve()\n',
        becomes: '',
      },
    ],
    caughtBy: 'simulation',
  },
  {
    name: 'late-call-is-lost',
    says: 'A call that its process has in flight is taken for lost when the lease of its attempt is over.',
    edits: [
      {
        file: 'worker/engine/steps/call.ts',
        anchor: 'if (turn.isInFlight(path, step.attempt))',
        becomes: 'if (turn.begun < 0)',
      },
    ],
    caughtBy: 'test/engine/crashing.test.ts',
  },
  {
    name: 'another-process-never-dies',
    says: 'A call that another process was to make counts as in flight for ever.',
    edits: [
      {
        file: 'worker/runtime/execution/effects.ts',
        anchor: 'return this.#calls.isOwn({ generation',
        becomes: 'return this.#calls.isUnderWay({ generation',
      },
    ],
    caughtBy: 'simulation',
  },
]
