import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { type Content, DraftBuffer, type TextStore } from '../../../web/src/lib/builder/draft/draft-buffer.ts'
import { type DraftEvent, type DraftState, reduce, savedDraft } from '../../../web/src/lib/builder/draft/draft-state.ts'
import { Draft, type SaveOutcome } from '../../../web/src/lib/builder/draft/draft.svelte.ts'
import { settleConflict } from '../../../web/src/lib/builder/draft/settle-conflict.ts'
import { sameJson } from '../../../web/src/lib/graph/model/same-json.ts'
import { makeGraph } from './support.ts'

const first = makeGraph('a > b')

/** Instead of what is true; `lost`: the save arrives, and its answer does not. */
type Answer = SaveOutcome | { kind: 'lost' }

/** A server with one draft, that can be told to fail, and a clock whose timers run when it is moved. */
function makeWorld() {
  const server = { revision: 1, name: 'Leads', graph: first, saves: [] as string[] }
  const answers: Answer[] = []
  const held: (() => void)[] = []
  const world = {
    now: 0,
    holdSaves: false,
    timers: new Set<{ at: number; run: () => void }>(),
    server,
    answers,
    store: new Map<string, string>(),
    /** Lets a held save go on. */
    async release() {
      held.shift()?.()
      await settle()
    },
    async pass(ms: number) {
      const end = world.now + ms
      for (;;) {
        const due = [...world.timers].filter(({ at }) => at <= end).sort((a, b) => a.at - b.at)[0]
        if (due === undefined) break
        world.now = due.at
        world.timers.delete(due)
        due.run()
        await settle()
      }
      world.now = end
    },
  }
  const store: TextStore = {
    getItem: (key) => world.store.get(key) ?? null,
    setItem: (key, value) => void world.store.set(key, value),
    removeItem: (key) => void world.store.delete(key),
  }
  const buffer = new DraftBuffer(store, 'usr_1', 'wf_1')
  const draft = new Draft({
    saved: { revision: server.revision, name: server.name, graph: server.graph },
    buffer,
    now: () => world.now,
    after(ms, run) {
      const timer = { at: world.now + ms, run }
      world.timers.add(timer)
      return () => void world.timers.delete(timer)
    },
    async save(revision, changes, sent): Promise<SaveOutcome> {
      server.saves.push(`${revision}: ${Object.keys(changes).join(' ')}`)
      if (world.holdSaves) await new Promise<void>((resolve) => held.push(resolve))
      const answer = answers.shift()
      if (answer !== undefined && answer.kind !== 'lost') return answer
      const isTaken = revision === server.revision
      if (isTaken) Object.assign(server, changes, { revision: revision + 1 })
      if (answer !== undefined) return { kind: 'unanswered' }
      return isTaken ? { kind: 'saved', revision: server.revision } : settleConflict({ ...server }, sent)
    },
  })
  return { world, server, draft, buffer, store }
}

async function settle() {
  for (let turn = 0; turn < 10; turn += 1) await Promise.resolve()
}

const edit = (drawing: string, name = 'Leads'): Content => ({ name, graph: makeGraph(drawing) })

describe('autosave', () => {
  test('waits a second after the last edit, then saves once', async () => {
    const { world, server, draft } = makeWorld()
    draft.edited(edit('a > c'))
    await world.pass(800)
    draft.edited(edit('a > d'))
    await world.pass(900)
    expect([draft.state.status, server.saves]).toEqual(['unsaved', []])
    await world.pass(200)
    expect([draft.state.status, server.saves]).toEqual(['saved', ['1: graph']])
    expect(server.graph).toEqual(makeGraph('a > d'))
  })

  test('does not wait for ever for somebody who never stops', async () => {
    const { world, server, draft } = makeWorld()
    for (let index = 0; index < 12; index += 1) {
      draft.edited(edit(`a > n${index}`))
      await world.pass(500)
    }
    expect(server.saves).toHaveLength(1)
  })

  test('sends only what changed', async () => {
    const { world, server, draft } = makeWorld()
    draft.edited({ name: 'Orders', graph: first })
    await world.pass(1_000)
    expect(server.saves).toEqual(['1: name'])
  })

  test('an edit taken back needs no save', async () => {
    const { world, server, draft } = makeWorld()
    draft.edited(edit('a > c'))
    draft.edited({ name: 'Leads', graph: first })
    expect(draft.state.status).toBe('saved')
    await world.pass(10_000)
    expect(server.saves).toEqual([])
  })

  test('what is edited during a save is not called saved, and is saved next', async () => {
    const { world, server, draft } = makeWorld()
    world.holdSaves = true
    draft.edited(edit('a > c'))
    await world.pass(1_000)
    draft.edited(edit('a > d'))
    expect(draft.state.status).toBe('saving')
    await world.release()
    expect(draft.state.status).toBe('unsaved')
    world.holdSaves = false
    await world.pass(1_000)
    expect([draft.state.status, server.saves, server.graph]).toEqual([
      'saved',
      ['1: graph', '2: graph'],
      makeGraph('a > d'),
    ])
  })

  test('asked to save, it says true only when all of it is on the server', async () => {
    const { world, draft } = makeWorld()
    draft.edited(edit('a > c'))
    expect(await draft.saveNow()).toBe(true)
    draft.edited(edit('a > d'))
    world.answers.push({ kind: 'unanswered' })
    expect(await draft.saveNow()).toBe(false)
  })

  test('without an answer it tries again, ever more slowly, and at once when the network is back', async () => {
    const { world, server, draft } = makeWorld()
    world.answers.push(...Array.from({ length: 4 }, (): SaveOutcome => ({ kind: 'unanswered' })))
    draft.edited(edit('a > c'))
    await world.pass(1_000)
    expect(draft.state).toMatchObject({ status: 'retrying', attempt: 1 })
    await world.pass(3_000)
    expect(server.saves).toHaveLength(3)
    draft.reconnected()
    await settle()
    expect([server.saves.length, draft.state.status]).toEqual([4, 'retrying'])
    await world.pass(10_000)
    expect(draft.state.status).toBe('saved')
  })

  test('an edit that is taken back after a save without an answer is saved, as that save may have arrived', async () => {
    const { world, server, draft } = makeWorld()
    world.answers.push({ kind: 'lost' })
    draft.edited(edit('a > c'))
    await world.pass(1_000)
    draft.edited({ name: 'Leads', graph: first })
    expect(draft.state.status).toBe('retrying')
    await world.pass(1_000)
    expect([draft.state.status, server.graph, server.revision]).toEqual(['saved', first, 3])
  })

  test('what the server refuses is tried again after the next edit, not before', async () => {
    const { world, server, draft } = makeWorld()
    world.answers.push({ kind: 'refused', reason: 'Too large.' })
    draft.edited(edit('a > c'))
    await world.pass(60_000)
    expect([draft.state, server.saves.length]).toMatchObject([{ status: 'refused', reason: 'Too large.' }, 1])
    draft.edited(edit('a > d'))
    await world.pass(1_000)
    expect(draft.state.status).toBe('saved')
  })
})

describe('closed', () => {
  test('it tries no more: a save under way that has no answer is the last', async () => {
    const { world, server, draft, buffer } = makeWorld()
    world.holdSaves = true
    world.answers.push({ kind: 'unanswered' })
    draft.edited(edit('a > c'))
    await world.pass(1_000)
    draft.close()
    await world.release()
    await world.pass(200_000)
    expect([server.saves.length, world.timers.size]).toEqual([1, 0])
    expect(buffer.recover(server).kind).toBe('unsaved')
  })

  test('what was edited during its last save is still saved by who waits for it', async () => {
    const { world, server, draft } = makeWorld()
    world.holdSaves = true
    draft.edited(edit('a > c'))
    await world.pass(1_000)
    draft.edited(edit('a > d'))
    const left = draft.saveNow()
    draft.close()
    world.holdSaves = false
    await world.release()
    expect(await left).toBe(true)
    expect([server.graph, world.store.size]).toEqual([makeGraph('a > d'), 0])
  })

  test('opened anew, a save of before that arrives late is no conflict with oneself', async () => {
    const saves: SaveOutcome[] = []
    const before = edit('a > c')
    const draft = new Draft({
      saved: { revision: 1, ...edit('a > b') },
      sentBefore: [before],
      buffer: { keep: () => {}, forget: () => {} },
      save: async (revision, _changes, sent) => {
        const outcome: SaveOutcome =
          revision === 1 ? settleConflict({ ...before, revision: 2 }, sent) : { kind: 'saved', revision: revision + 1 }
        saves.push(outcome)
        return outcome
      },
    })
    draft.edited(before)
    draft.edited(edit('a > d'))
    expect(await draft.saveNow()).toBe(true)
    expect(saves.map(({ kind }) => kind)).toEqual(['overtaken', 'saved'])
    draft.close()
  })
})

describe('somebody else saved first', () => {
  async function meetConflict() {
    const made = makeWorld()
    Object.assign(made.server, { revision: 5, graph: makeGraph('x > y') })
    made.draft.edited(edit('a > c'))
    await made.world.pass(1_000)
    expect(made.draft.state.status).toBe('conflict')
    return made
  }

  test('nothing is overwritten until a person has chosen', async () => {
    const { world, server, draft } = await meetConflict()
    draft.edited(edit('a > d'))
    await world.pass(60_000)
    expect([server.graph, draft.state.status, server.saves.length]).toEqual([makeGraph('x > y'), 'conflict', 1])
  })

  test('keeping mine saves it over theirs', async () => {
    const { world, server, draft } = await meetConflict()
    draft.keepMine({ ...server })
    await world.pass(0)
    await settle()
    expect([server.graph, draft.state.status]).toEqual([makeGraph('a > c'), 'saved'])
  })

  test('keeping mine saves all of it, also what was not edited here', async () => {
    const { world, server, draft } = makeWorld()
    const mine = { name: 'Orders', graph: first }
    Object.assign(server, { revision: 5, graph: makeGraph('x > y') })
    draft.edited(mine)
    await world.pass(1_000)
    expect(draft.state.status).toBe('conflict')
    draft.keepMine({ ...server })
    await world.pass(0)
    expect([draft.state.status, server.name, server.graph]).toEqual(['saved', 'Orders', first])
  })

  test('a revision that no save of ours made is found as a conflict before the next save meets it', () => {
    const { draft } = makeWorld()
    draft.saw({ revision: 1, ...edit('x > y') })
    expect(draft.state.status).toBe('saved')
    draft.saw({ revision: 2, ...edit('x > y') })
    expect(draft.state.status).toBe('conflict')
  })

  test('what was changed beside what is drawn is no conflict when it is seen, and the next save builds on it', async () => {
    const { world, server, draft } = makeWorld()
    server.revision = 2
    draft.saw({ revision: 2, name: 'Leads', graph: makeGraph('a > b') })
    expect(draft.state).toMatchObject({ status: 'saved', revision: 2 })
    draft.edited({ name: 'Orders', graph: first })
    await world.pass(60_000)
    expect([draft.state.status, server.saves]).toEqual(['saved', ['2: name']])
  })

  test('nor when a save meets it: what is drawn is saved over it, and nothing is lost', async () => {
    const { world, server, draft } = makeWorld()
    server.revision = 2
    draft.edited(edit('a > c'))
    await world.pass(60_000)
    expect([draft.state.status, server.graph, server.revision]).toEqual(['saved', makeGraph('a > c'), 3])
    // Of something that was changed and changed back there is nothing to choose either; of anything else there is.
    Object.assign(server, { revision: 5, name: 'Theirs' })
    draft.edited(edit('a > d'))
    await world.pass(60_000)
    expect([draft.state.status, server.name]).toEqual(['conflict', 'Theirs'])
  })

  test('a rename that both made is no conflict, but a graph that only they changed is', () => {
    const mine = { name: 'Orders', graph: first }
    expect(settleConflict({ ...mine, revision: 5 }, [mine])).toEqual({ kind: 'saved', revision: 5 })
    expect(settleConflict({ name: 'Orders', graph: makeGraph('x > y'), revision: 5 }, [mine])).toEqual({
      kind: 'conflict',
    })
  })

  test('taking theirs needs no save', async () => {
    const { world, server, draft } = await meetConflict()
    const theirs = { revision: 5, name: 'Leads', graph: server.graph }
    draft.takeTheirs(theirs)
    draft.edited(theirs)
    await world.pass(60_000)
    expect([draft.state.status, server.saves.length, world.store.size]).toEqual(['saved', 1, 0])
  })
})

describe('the buffer on this device', () => {
  test('holds what the server has not got, and is empty when it has', async () => {
    const { world, draft, buffer, server } = makeWorld()
    draft.edited(edit('a > c'))
    await world.pass(400)
    expect(buffer.recover(server)).toEqual({ kind: 'unsaved', content: edit('a > c') })
    await world.pass(1_000)
    expect([draft.state.status, world.store.size]).toEqual(['saved', 0])
  })

  test('is written at once when the page goes', () => {
    const { draft, buffer, server } = makeWorld()
    draft.edited(edit('a > c'))
    draft.close()
    expect(buffer.recover(server).kind).toBe('unsaved')
  })

  test('after somebody else saved, it is a conflict and not an overwrite', () => {
    const { draft, buffer } = makeWorld()
    draft.edited(edit('a > c'))
    draft.close()
    expect(buffer.recover({ revision: 9, name: 'Leads', graph: makeGraph('x > y') })).toMatchObject({
      kind: 'conflict',
      revision: 1,
    })
  })

  test.each(['', 'null', '{"v":2}', '{"v":1,"revision":1,"name":"x","graph":{}}'])('“%s” in it is nothing', (text) => {
    const { world, buffer, server } = makeWorld()
    world.store.set('leat.draft.usr_1.wf_1', text)
    expect(buffer.recover(server)).toEqual({ kind: 'nothing' })
  })

  test('is of one person: whoever signs in next on this device does not find it', () => {
    const { draft, store, server } = makeWorld()
    draft.edited(edit('a > c'))
    draft.close()
    expect(new DraftBuffer(store, 'usr_2', 'wf_1').recover(server)).toEqual({ kind: 'nothing' })
    expect(new DraftBuffer(store, 'usr_1', 'wf_1').recover(server).kind).toBe('unsaved')
  })

  test('of another tab stays when a tab without edits is left', () => {
    const { draft, store, server } = makeWorld()
    const other = new DraftBuffer(store, 'usr_1', 'wf_1')
    expect(other.recover(server)).toEqual({ kind: 'nothing' })
    draft.edited(edit('a > c'))
    draft.flushBuffer()
    other.forget()
    expect(new DraftBuffer(store, 'usr_1', 'wf_1').recover(server).kind).toBe('unsaved')
  })

  test('storage that is full or forbidden is no error', () => {
    const full = (): never => {
      throw new Error('QuotaExceeded')
    }
    const buffer = new DraftBuffer({ getItem: full, setItem: full, removeItem: full }, 'usr_1', 'wf_1')
    buffer.keep(1, edit('a > b'))
    expect(buffer.recover({ revision: 1, ...edit('a > b') })).toEqual({ kind: 'nothing' })
  })
})

test('whatever happens in whatever order, “saved” is true and a save under way is the only one', () => {
  const anyEvent = fc.oneof(
    fc.record({ type: fc.constant('edited' as const), isSaved: fc.boolean() }),
    fc.constantFrom<DraftEvent>(
      { type: 'looked' },
      { type: 'askedToSave' },
      { type: 'reconnected' },
      { type: 'saveSucceeded', revision: 2 },
      { type: 'saveUnanswered', attempt: 1 },
      { type: 'saveRefused', reason: 'no' },
    ),
  )
  fc.assert(
    fc.property(fc.array(fc.tuple(anyEvent, fc.nat(3_000)), { maxLength: 60 }), (happened) => {
      let now = 0
      let state: DraftState = savedDraft(1)
      let screenIsSaved = true
      for (const [event, ms] of happened) {
        now += ms
        const before = state
        state = reduce(state, event, now)
        if (event.type === 'edited') screenIsSaved = event.isSaved
        // A save that succeeds makes saved what was on the screen when it began.
        if (event.type === 'saveSucceeded' && before.status === 'saving') screenIsSaved = before.editedAt === undefined
        if (state.status === 'saved') expect(screenIsSaved).toBe(true)
        if (before.status === 'saving' && event.type === 'edited') expect(state.status).toBe('saving')
        if (state.status === 'unsaved') expect(state.dueAt - now).toBeLessThanOrEqual(1_000)
      }
    }),
    { numRuns: 500 },
  )
})

test('whatever becomes of saves and whoever else saves, “saved” means that the server has what is on the screen', async () => {
  const drawings = ['a > b', 'a > c', 'a > d'].map((drawing) => makeGraph(drawing))
  const anyStep = fc.oneof(
    fc.record({
      do: fc.constant('edit' as const),
      graph: fc.constantFrom(first, ...drawings),
      name: fc.constantFrom('Leads', 'Orders'),
    }),
    fc.record({ do: fc.constant('pass' as const), ms: fc.nat(3_000) }),
    fc.record({ do: fc.constant('answer' as const), kind: fc.constantFrom('lost' as const, 'unanswered' as const) }),
    fc.constantFrom({ do: 'theirSave' as const }, { do: 'keepMine' as const }, { do: 'takeTheirs' as const }),
  )
  await fc.assert(
    fc.asyncProperty(fc.array(anyStep, { maxLength: 30 }), async (steps) => {
      const { world, server, draft } = makeWorld()
      let screen: Content = { name: server.name, graph: server.graph }
      /** The last revision that somebody else saved. */
      let theirs = 0
      for (const step of steps) {
        if (step.do === 'edit') draft.edited((screen = { name: step.name, graph: step.graph }))
        else if (step.do === 'pass') await world.pass(step.ms)
        else if (step.do === 'answer') world.answers.push({ kind: step.kind })
        else if (step.do === 'theirSave') {
          theirs = server.revision + 1
          Object.assign(server, { revision: theirs, graph: makeGraph('x > y') })
        } else if (draft.state.status === 'conflict') {
          if (step.do === 'keepMine') draft.keepMine({ ...server })
          else {
            draft.takeTheirs({ ...server })
            draft.edited((screen = { name: server.name, graph: server.graph }))
          }
        }
        await settle()
        // What somebody else saved since is not known before the next save.
        if (draft.state.status !== 'saved' || draft.state.revision < theirs) continue
        expect(sameJson(screen, { name: server.name, graph: server.graph })).toBe(true)
      }
    }),
    { numRuns: 300 },
  )
})
