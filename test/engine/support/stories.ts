// The executions whose journals are kept in `test/histories`. Between them they hold every type of event.

import {
  approve,
  asked,
  call,
  child,
  draw,
  each,
  give,
  goTo,
  listen,
  loop,
  merge,
  onlyIf,
  parallel,
  pure,
  wait,
} from './draw.ts'
import type { Chain } from '../../../worker/contract/cause.ts'
import { UserId, WorkflowId } from '../../../worker/contract/id.ts'
import type { ExecutionEdits } from '../../../worker/contract/fork.ts'
import type { Json } from '../../../worker/contract/json.ts'
import { forkJournal } from '../../../worker/engine/fork/fork-journal.ts'
import { busy, busyFor, refused } from './failures.ts'
import { identity, Play, play } from './play.ts'
import { onFailure, undoable } from './undo.ts'

export const stories: Record<string, { about: string; tell: () => Play }> = {
  '0.1-branches': {
    about: 'A decision with its reason, variables, an answer to the sender: one turn.',
    tell: () =>
      play({
        edges: 'start > choose; choose:gold > thank > reply; choose:tin > reply',
        variables: { currency: 'EUR' },
        nodes: {
          choose: pure(() => ({ output: { total: 120 }, port: 'gold', because: [{ field: 'total', saw: 120 }] })),
          thank: pure(() => ({ output: 'Thank you', port: 'out', vars: { thanked: true } })),
          reply: pure(() => ({
            output: null,
            port: 'out',
            response: { status: 201, headers: { 'x-total': '120' }, body: { ok: true } },
          })),
        },
      }).start({ body: { total: 120 } }),
  },
  '0.1-retries': {
    about: 'Two busy answers, a wish to wait, then success; another call fails and its branch handles it.',
    tell: () => {
      const execution = play({
        edges: 'start > send > done; start > audit; audit:error > rescue',
        nodes: {
          send: call({}, () => ({ url: 'https://example.com', method: 'POST' })),
          audit: call({ onError: 'branch' }),
          rescue: give(({ steps }) => steps['audit']!),
        },
      }).start()
      execution.until(120).fail('send', busy).until(300).fail('audit', refused)
      return execution.until(2_000).fail('send', busyFor(5_000)).until(7_500).succeed('send', { status: 200 })
    },
  },
  '0.1-joins': {
    about: 'Two branches meet in one node, which runs for each; a crash in between loses both calls.',
    tell: () => {
      const execution = play({
        edges: 'start > left > join > send > last; start > right > join',
        nodes: {
          left: give(() => 'L'),
          right: give(() => 'R'),
          join: { ...give(() => null), settings: { disabled: true } },
          send: call({}, ({ steps }) => ({ text: steps['join']! })),
          last: give(({ steps }) => [steps['join']!, steps['send']!]),
        },
      }).start()
      execution.until(40).crash().turn({ type: 'recover' })
      return execution.until(900).succeed('send#2', 'second').succeed('send', 'first')
    },
  },
  '0.1-asleep': {
    about: 'Not finished: one branch waits for months, another for its second retry.',
    tell: () => {
      const execution = play({
        edges: 'start > pause > hello; start > send',
        nodes: { pause: wait(({ now }) => now + 90 * 86_400_000), send: call() },
      }).start({ type: 'contact.created', data: { id: 'c1' } })
      return execution.until(50).fail('send', busy).until(1_100).fail('send', busy)
    },
  },
  '0.1-in-flight': {
    about: 'Not finished: six calls are wanted, five are in flight.',
    tell: () =>
      play({
        edges: ['a', 'b', 'c', 'd', 'e', 'f'].map((name) => `start > ${name} > ${name}2`).join(';'),
        nodes: Object.fromEntries(['a', 'b', 'c', 'd', 'e', 'f'].map((name) => [name, call()])),
      })
        .start()
        .until(10)
        .succeed('a', { ok: true }),
  },
  '0.1-redriven': {
    about: 'Failed, redriven while another branch waits, cancelled, redriven again, completed.',
    tell: () => {
      const execution = play({
        edges: 'start > send > done; start > pause > later',
        nodes: { send: call({ retry: { maxRetries: 0 } }), pause: wait(({ now }) => now + 60_000) },
      }).start()
      execution.until(100).fail('send', busy).until(1_000).turn({ type: 'redrive', by: 'usr_ada' })
      execution.until(1_500).turn({ type: 'cancel', by: 'usr_ada', reason: 'Wrong list.' })
      execution.until(2_000).turn({ type: 'redrive', by: 'usr_bob' }).until(2_400).succeed('send', { ok: true })
      return execution.until(60_000)
    },
  },
  '0.1-timed-out': {
    about: 'Ran out of active time with a call in flight.',
    tell: () =>
      play({ edges: 'start > slow', nodes: { slow: call() }, settings: { activeTimeoutMs: 10_000 } })
        .start()
        .until(10_000),
  },
  '0.1-ended': {
    about: 'A node ended it as failed and cut off a call.',
    tell: () =>
      play({
        edges: 'start > slow; start > stop',
        nodes: {
          slow: call(),
          stop: pure(() => ({ output: { seen: 0 }, port: 'end', end: { status: 'failed', reason: 'Nothing to do.' } })),
        },
      }).start(),
  },
  '0.2-skipped': {
    about: 'A step whose conditions do not hold is passed through, with the reason.',
    tell: () =>
      play({
        edges: 'start > score > notify > done',
        nodes: {
          score: give(() => 20),
          notify: onlyIf(({ steps }) => Number(steps['score']) > 50, call()),
          done: give(({ steps }) => steps['notify']!),
        },
      }).start(),
  },
  '0.2-merged': {
    about:
      'Two of three branches go on as one, the third comes too late; a second merge waits for what still can come.',
    tell: () => {
      const execution = play({
        edges: 'start > a > join > tell > all; start > b > join; start > c > join; start > d > keep; keep:never > all',
        nodes: { a: call(), b: give(() => 'B'), c: call(), d: call(), join: merge(2), all: merge() },
      }).start()
      return execution.until(40).succeed('a', 'A').until(90).succeed('c', 'C').until(120).succeed('d', 'D')
    },
  },
  '0.2-merge-redriven': {
    about: 'Fails while a merge has collected one branch; redriven, it goes on with that one.',
    tell: () => {
      const execution = play({
        edges: 'start > a > join > last; start > b > join',
        nodes: { a: call(), b: call(), join: merge() },
      }).start()
      execution.until(10).succeed('a', 'A').until(20).fail('b', refused)
      return execution.until(500).turn({ type: 'redrive', by: 'usr_ada' }).until(600).succeed('b', 'B')
    },
  },
  '0.2-merging': {
    about: 'Not finished: a merge has one branch and waits for the other.',
    tell: () =>
      play({
        edges: 'start > a > join > last; start > b > join',
        nodes: { a: give(() => 'A'), b: wait(({ now }) => now + 86_400_000), join: merge() },
      }).start(),
  },
  '0.2-parallel': {
    about: 'Branches of a step: one fails and is left out, one is inside another, the last ends it.',
    tell: () => {
      const execution = play({
        edges: 'start > all; all:a > send > keep; all:b > ask; all:c > inner; inner:x > nap; all:done > last',
        nodes: {
          all: parallel('a b c', { stopsAtFailure: false }),
          inner: parallel('x'),
          send: call(),
          ask: call(),
          nap: wait(({ now }) => now + 900),
          last: give(({ steps }) => steps['all']!),
        },
      }).start()
      return execution.until(100).fail('ask', refused).until(900).succeed('send', 'sent')
    },
  },
  '0.2-parallel-first': {
    about: 'The first branch to succeed decides; a call of another is cut off, and what was ready is dropped.',
    tell: () => {
      const names = ['b', 'c', 'd', 'e', 'f']
      const execution = play({
        edges: `start > race; race:a > quick; ${names.map((name) => `race:b > ${name}`).join(';')}; race:done > last`,
        nodes: {
          race: parallel('a b', { waitFor: 'first', timeoutMs: 60_000 }),
          quick: call(),
          ...Object.fromEntries(names.map((name) => [name, call()])),
        },
      }).start()
      return execution.until(20).succeed('quick', 'Q')
    },
  },
  '0.2-branching': {
    about: 'Not finished: failed in one branch and redriven, another waits, a third has ended.',
    tell: () => {
      const execution = play({
        edges: 'start > all; all:a > send; all:b > nap > late; all:c > score; all:done > last',
        nodes: { all: parallel('a b c', { timeoutMs: 90_000 }), send: call(), nap: wait(({ now }) => now + 60_000) },
      }).start()
      return execution.until(50).fail('send', refused).until(5_000).turn({ type: 'redrive', by: 'usr_ada' })
    },
  },
  '0.2-loop': {
    about:
      'Through a list, one after the other: one entry passed over, a call lost and made again, told to stop early.',
    tell: () => {
      const execution = play({
        edges: 'start > each; each:body > send > keep; each:done > last',
        nodes: {
          each: each(['a', 'b', 'c', 'd'], {
            skips: asked(({ loop }) => loop!.item === 'b'),
            breaks: asked(({ loop }) => loop!.item === 'c'),
          }),
          send: call({}, ({ loop }) => ({ to: loop!.item })),
          keep: give(({ steps, loop }) => [loop!.index, steps['send']!]),
          last: give(({ steps }) => steps['each']!),
        },
      }).start()
      execution.until(10).succeed('each[0].send', 'A').until(20).crash().turn({ type: 'recover' })
      return execution.until(30).succeed('each[2].send', 'C')
    },
  },
  '0.2-loop-beside': {
    about: 'Three at a time; one fails and is left out, the results are in the order of the list.',
    tell: () => {
      const execution = play({
        edges: 'start > each; each:body > send; each:done > last',
        nodes: {
          each: each([1, 2, 3, 4], { atOnce: 3, stopsAtFailure: false, collect: ({ loop }) => loop!.item }),
          send: call(),
        },
      }).start()
      execution.until(10).fail('each[1].send', refused).until(20).succeed('each[3].send').until(30)
      return execution.succeed('each[2].send').until(40).succeed('each[0].send')
    },
  },
  '0.2-loop-condition': {
    about: 'As long as a condition holds, each iteration with what the one before gave.',
    tell: () =>
      play({
        edges: 'start > again; again:body > double; again:done > last',
        nodes: {
          again: loop(() => null, { goesOn: asked(({ loop }) => Number(loop!.previous ?? 0) < 10), asksFirst: true }),
          double: give(({ loop }) => Number(loop!.previous ?? 1) * 2),
        },
      }).start(),
  },
  '0.2-gone-to': {
    about: 'Sent back twice, then on; with a variable that counts and one of the organization.',
    tell: () =>
      play({
        edges: 'start > count > enough; enough:no > again; again:jump > count; enough:yes > last',
        variables: { rounds: 0 },
        nodes: {
          count: pure(({ vars }) => {
            const rounds = Number(vars['rounds']) + 1
            return { output: { rounds }, port: 'out', vars: { rounds } }
          }),
          enough: pure(({ vars }) => ({ output: null, port: Number(vars['rounds']) > 2 ? 'yes' : 'no' })),
          again: goTo(5),
          last: give(({ vars, organization }) => [vars['rounds']!, organization.vars['region']!]),
        },
      }).turn({
        type: 'start',
        trigger: { nodeId: 'start', kind: 'manual', data: null },
        organizationVars: { region: 'eu' },
      }),
  },
  '0.2-called': {
    about: 'Calls two workflows, waits for one; that one fails, a redrive calls it again while it is cancelled.',
    tell: () => {
      const execution = play({
        edges: 'start > send > last; start > tell',
        nodes: { send: child({ input: () => ({ to: 'ada' }), timeoutMs: 60_000 }), tell: child({ waits: false }) },
      }).turn({
        type: 'start',
        trigger: { nodeId: 'start', kind: 'call', data: null },
        parent: { executionId: 'exe_parent', path: 'each[2].ask', key: '1/each[2].ask', depth: 1 },
      })
      execution.until(10).childStarts('send').until(20).childStarts('tell').until(60_000)
      execution.until(70_000).turn({ type: 'redrive', by: 'usr_ada' }).until(70_010)
      return execution
        .turn({ type: 'childReleased', key: '1/send' })
        .until(70_500)
        .childEnds('send', { output: 'sent' })
    },
  },
  '0.2-calling': {
    about: 'Not finished: one child is there, another is to be started.',
    tell: () =>
      play({ edges: 'start > a > last; start > b', nodes: { a: child(), b: child() } })
        .start()
        .until(9)
        .childStarts('a'),
  },
  '0.2-heard': {
    about: 'Two steps listen: one hears what it waits for, the other asks by itself until its time is over.',
    tell: () => {
      const hearing = {
        paid: listen('order.paid', { forMs: 9_000 }),
        calm: listen('calm', { forMs: 5_000, everyMs: 2_000 }),
      }
      const execution = play({
        edges: 'start > paid > thank; start > calm; calm:late > remind',
        nodes: hearing,
      }).start()
      const event = { id: 'evt_1', type: 'order.paid', at: 700, data: { total: 120 } }
      return execution.until(800).turn({ type: 'heard', path: 'paid', event }).until(6_000)
    },
  },
  '0.2-listening': {
    about: 'Not finished: a step listens, has asked by itself once, and will again.',
    tell: () =>
      play({
        edges: 'start > paid > thank',
        nodes: { paid: listen('order.paid', { forMs: 86_400_000, everyMs: 3_600_000 }) },
      })
        .start()
        .until(3_700_000),
  },
  '0.2-asking': {
    about: 'Not finished: two people are asked, one has approved, one reminder was due and it was escalated.',
    tell: () => {
      const execution = play({ edges: 'start > ask > pay', nodes: { ask: approve() } })
        .start()
        .until(500)
      return execution.vote('ask', 'ada@example.com').until(2_500)
    },
  },
  '0.2-asked': {
    about: 'An approval by two people.',
    tell: () => {
      const execution = play({ edges: 'start > ask > pay', nodes: { ask: approve() } })
        .start()
        .until(500)
      return execution.vote('ask', 'ada@example.com').until(2_500).vote('ask', 'grace@example.com')
    },
  },
  '0.2-recalled': {
    about: 'Two results looked up: one is known, the other too old and called for; a third is being looked up.',
    tell: () => {
      const cached = { cache: { ttlMs: 60_000 } }
      const execution = play({
        edges: 'start > a > done; start > b; start > c',
        nodes: { a: call(cached, () => ({ q: 1 })), b: call(cached, () => ({ q: 2 })), c: call(cached) },
      })
      execution.now = 500_000
      execution.start().until(500_010).recall('a', 'A', 450_000).until(500_020).recall('b', 'B', 440_000)
      return execution.until(500_100).succeed('b', 'fresh')
    },
  },
  '0.2-looping': {
    about: 'Not finished: a loop in a loop, failed and redriven, with one inner iteration asleep.',
    tell: () => {
      const execution = play({
        edges: 'start > rows; rows:body > cells; cells:body > send > nap; cells:done > row; rows:done > last',
        nodes: {
          rows: each([['a', 'b'], ['c']], { atOnce: 2 }),
          cells: loop(({ loop }) => ({ items: loop!.item as Json[] })),
          send: call({}, ({ loop }) => ({ to: loop!.item })),
          nap: wait(({ now }) => now + 3_600_000),
        },
      }).start()
      execution.until(10).succeed('rows[1].cells[0].send', 'C').until(20).fail('rows[0].cells[0].send', refused)
      return execution.until(500).turn({ type: 'redrive', by: 'usr_ada' })
    },
  },
  '0.2-undone': {
    about: 'Failed, and undone: each iteration of a loop by what it gave, one in vain; then a path is told of it.',
    tell: () => {
      const execution = play({
        edges: 'start > rows; rows:body > book; rows:done > ship; book:undo > cancel; oops > tell',
        nodes: {
          rows: each(['a', 'b']),
          book: undoable(({ loop }) => ({ item: loop!.item })),
          ship: call({ retry: { maxRetries: 0 } }),
          cancel: call({ retry: { maxRetries: 0 } }, ({ steps, loop }) => ({
            booking: steps['book']!,
            item: loop!.item,
          })),
          oops: onFailure(),
          tell: give(({ steps }) => steps['oops']!),
        },
      }).start({ order: 7 })
      execution.until(10).succeed('rows[0].book', 'A').until(20).succeed('rows[1].book', 'B')
      execution.until(30).fail('ship', refused).until(40).fail('cancel', refused)
      return execution.until(50).succeed('cancel#2')
    },
  },
  '0.2-undoing': {
    about: 'Not finished: cancelled while two calls were made, one undone, one waiting for its retry.',
    tell: () => {
      const execution = play({
        edges:
          'start > book > charge > ship; book:undo > cancel; charge:undo > refund > both; charge:undo > note > both',
        nodes: {
          book: undoable(),
          charge: undoable(),
          ship: call(),
          cancel: call(),
          refund: call(),
          note: call(),
          both: merge(),
        },
        settings: { undoWhenCancelled: true },
      }).start()
      execution.until(10).succeed('book', 'b1').until(20).succeed('charge', 'c1')
      execution.until(30).turn({ type: 'cancel', by: 'usr_ada', reason: 'Not wanted.' })
      execution.until(40).succeed('refund').until(50).succeed('note')
      return execution.until(60).fail('cancel', busy)
    },
  },
  '0.2-handling': {
    about:
      'Not finished: failed twice in a loop, the first failure handled by another workflow, the second about to be.',
    tell: () => {
      const execution = play({
        edges: 'start > rows; rows:body > send; rows:done > last',
        nodes: { rows: each(['a', 'b'], { atOnce: 2 }), send: call({ retry: { maxRetries: 0 } }) },
        settings: { errorHandler: { workflowId: WorkflowId.parse('wf_01jd4x8m3w5q7r9t1v3x5z7b9e') } },
      }).start()
      execution.until(10).fail('rows[1].send', refused).until(20).childStarts('$failure')
      execution.until(30).childEnds('$failure', { output: 'ticket 9' }).until(40)
      execution.turn({ type: 'redrive', by: 'usr_ada' }).until(50).fail('rows[0].send', busy)
      return execution.until(60).childStarts('$failure#2')
    },
  },
  '0.2-controlled': {
    about: 'Not finished: paused twice, with a step skipped, one tried again by hand and one left for another.',
    tell: () => {
      const by = 'usr_ada'
      const execution = play({
        edges: 'start > a > after; start > b > after; start > c > after; start > nap > after',
        nodes: { a: call(), b: call(), c: call(), nap: wait(({ now }) => now + 3_600_000) },
      })
      execution.start().until(10).turn({ type: 'pause', by }).until(20).fail('a', busy).succeed('b', 'B')
      execution.until(5_000).turn({ type: 'resume', by }).turn({ type: 'retryStep', by, path: 'a' })
      execution
        .until(6_000)
        .turn({ type: 'jump', by, path: 'c', to: 'nap' })
        .turn({ type: 'skipStep', by, path: 'nap' })
      return execution.until(7_000).turn({ type: 'pause', by })
    },
  },
  '0.2-edited': {
    about: 'Failed, and tried again with another input of the failed step, another trigger and a variable.',
    tell: () => {
      const execution = play({
        edges: 'start > score > send > done',
        variables: { bonus: 1 },
        nodes: { send: call({}, ({ steps, vars }) => ({ score: steps['score']!, bonus: vars['bonus']! })) },
      })
      execution.start({ points: 3 }).until(40).fail('send', refused)
      const edits = {
        trigger: { points: 4 },
        variables: { bonus: 2 },
        outputs: { score: 9 },
        inputs: { send: { score: 9 } },
      }
      return execution.until(900).turn({ type: 'redrive', by: 'usr_ada', edits }).until(950).succeed('send', 'sent')
    },
  },
  '0.2-forked': {
    about: 'A fork from a step: what lay before is kept, a call beside it was answered since, another begins again.',
    tell: () => {
      const execution = play({
        edges: 'start > slow > after; start > ask > send; start > hung',
        nodes: { slow: call(), ask: call(), send: call(), hung: call() },
      })
      execution
        .start('data')
        .until(10)
        .succeed('ask', 'A')
        .until(20)
        .succeed('slow', 'S')
        .until(30)
        .fail('send', refused)
      return forkOf(execution, 'send', false).until(61_000).succeed('send', 'sent').succeed('hung')
    },
  },
  '0.2-forked-iteration': {
    about: 'Not finished: a fork from the second iteration of a loop, with another item.',
    tell: () => {
      const execution = play({
        edges: 'start > each; each:body > send',
        nodes: { each: each(['a', 'b', 'c']), send: call({}, ({ loop: now }) => ({ item: now?.item ?? null })) },
      })
      execution.start().until(10).succeed('each[0].send', 'A').until(20).fail('each[1].send', refused)
      return forkOf(execution, 'each[1]', false, { items: { 'each[1]': 'x' } })
    },
  },
  '0.2-forked-pretended': {
    about: 'The beginning of a fork whose effects are pretended: a call that was in flight still is.',
    tell: () => {
      const execution = play({
        edges: 'start > slow; start > ask > send',
        nodes: { slow: call(), ask: call(), send: call() },
      })
      execution.start().until(10).succeed('ask', 'A').until(20).succeed('send').until(30).succeed('slow')
      return forkOf(execution, 'send', true)
    },
  },
  '0.2-migrated': {
    about: 'Not finished: one that waits was moved to another version, which has a variable more.',
    tell: () => {
      const nodes = { nap: wait(({ now }) => now + 3_600_000), send: call() }
      const execution = play({ edges: 'start > nap > send', nodes }).start().until(500)
      const plan = draw({ edges: 'start > nap > check > send', nodes, variables: { limit: 7 } })
      return Play.from(plan, execution.entries, 500).turn({
        type: 'migrate',
        by: 'usr_ada',
        from: { id: 'ver_1', number: 1 },
        to: { id: 'ver_2', number: 2 },
      })
    },
  },
  '0.2-live-contact': {
    about:
      'A contact read three times: changed on the way, then not to be had, so that nothing is decided for a while.',
    tell: () => {
      const tags = { ...give(({ contact = null }) => contact), contactReads: [['tags'], ['custom', 'plan']] }
      const execution = play({
        edges: 'start > a > x > b > y > c > z',
        nodes: { a: call(), b: call(), c: call(), x: tags, y: tags, z: tags },
      })
      const contact = { id: 'con_1', tags: ['new'], custom: { plan: 'free', size: 3 } }
      execution.contact = contact
      execution.start().until(10).succeed('a').until(20)
      execution.contact = { ...contact, tags: ['new', 'vip'] }
      execution.succeed('b').until(30)
      execution.contact = undefined
      return execution.succeed('c')
    },
  },
  '0.3-held-back': {
    about: 'Not finished: one call was held back and then made, one waits its turn, one could not wait any longer.',
    tell: () => {
      const execution = play({
        edges: 'start > a > after; start > b > after; start > c > after',
        nodes: { a: call(), b: call(), c: call({ stepTimeoutMs: 20_000, onError: 'continue' }) },
      })
      execution.start().until(10).defer('a', 3_000).defer('b', 3_600_000, { free: true }).defer('c', 30_000)
      return execution.until(3_000).fail('a', busy)
    },
  },
  '0.3-released': {
    about:
      'Not finished: of two calls that were held back, one was let go of and is made; it goes on in the chain of who sent it.',
    tell: () => {
      const execution = play({ edges: 'start > a; start > b', nodes: { a: call(), b: call() } })
      execution.turn({
        type: 'start',
        trigger: { nodeId: 'start', kind: 'event', data: null },
        cause: { root: 'evt_1', depth: 1, path: [WorkflowId.parse('wf_01jd4x8m3w5q7r9t1v3x5z7b9d')] },
        sender: UserId.parse('usr_01jd4x8m3w5q7r9t1v3x5z7b9d'),
      })
      execution.until(10).defer('a', 30_000, { holder: 'breaker:-:a' }).defer('b', 40_000, { holder: 'breaker:-:b' })
      return execution.until(2_000).turn({ type: 'released', holder: 'breaker:-:a' })
    },
  },
  '0.3-undone-unknown': {
    about: 'Failed, and undone: a call that was lost and refused, and one that was cut off by that.',
    tell: () => {
      const unsure = () => undoable(undefined, { undoWhenUnknown: true, retry: { maxRetries: 0 } })
      const execution = play({
        edges: 'start > a; start > b; a:undo > ua; b:undo > ub',
        nodes: { a: unsure(), b: unsure(), ua: call(), ub: call() },
      })
      execution.start().until(10).lose('a').until(20).fail('a', refused)
      return execution.until(30).succeed('ub').until(40).succeed('ua')
    },
  },
  '0.3-gathered': {
    about: 'A loop that adds to the list of a variable, which keeps its last entries, and waits.',
    tell: () =>
      play({
        edges: 'start > each; each:body > add; each:done > later',
        variables: { seen: ['before'] },
        nodes: {
          each: each(['a', 'b', 'c'], { keeps: false }),
          add: pure(({ loop: at }) => ({
            output: { count: 2 },
            port: 'out',
            appended: { name: 'seen', entries: [at!.item, at!.index], keep: 3 },
          })),
          later: wait(() => 60_000),
        },
      }).start(),
  },
  '0.3-forked-chance': {
    about: 'A fork that draws by the name of its origin, in the chain of the step that asked for it.',
    tell: () => {
      const execution = play({
        edges: 'start > ask > draw',
        nodes: { ask: call(), draw: give(({ chance, execution: { id } }) => [chance ?? null, id]) },
      })
      const fork = forkOf(execution.start().until(10).succeed('ask'), 'ask', false, undefined, {
        root: 'evt_2',
        depth: 2,
        path: [],
      })
      return fork.until(61_000).succeed('ask')
    },
  },
}

function forkOf({ entries, plan }: Play, path: string, pretend: boolean, edits?: ExecutionEdits, cause?: Chain): Play {
  const wish = {
    executionId: 'exe_origin',
    by: 'usr_ada',
    path,
    pretend,
    edits,
    cause,
    originPlan: plan,
    plan,
    identity,
  }
  const fork = forkJournal(entries, wish, 60_000)
  if (fork.kind !== 'forked') throw new Error(fork.kind)
  return Play.from(plan, fork.entries, fork.state.at).turn({ type: 'wake' })
}
