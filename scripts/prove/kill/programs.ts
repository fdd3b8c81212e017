// programs
//
// The workflows of the kill proof, and what each event must cause in the outside world. Between them they take every path
// an event can take: answered at once, when finished and by a node; ended in the first turn or in an object; calls one
// after the other, side by side, before and after a wait, tried again after trouble; one event for several workflows.

import type { Graph, GraphNode } from '../../../worker/contract/graph.ts'
import type { Json } from '../../../worker/contract/json.ts'
import { graph, node } from '../../client/draw.ts'

/** A call that each event must cause, under one key. */
export interface ExpectedCall {
  step: string
  /** The step whose call must be over before, by at least `waitMs`. */
  after?: string
  waitMs?: number
  /** So many calls fail before one works. */
  fails?: number
}

export interface Program {
  name: string
  /** How its events come: to a webhook of its own, or as events that several programs listen to. */
  source: 'hook' | 'event'
  graph(sinkUrl: string): Graph
  calls: ExpectedCall[]
  /** What a webhook that waits must answer; absent for one that does not wait. */
  answer?(number: number): Json
}

export const eventType = 'proof.happened'

/** What an event says of itself: in the body of a webhook, in the data of an event. */
export interface EventBody {
  event: string
  number: number
  /** For the workflow that waits until then, as an ISO date. */
  due?: string
}

const fixedRetry = { retry: { maxRetries: 3, backoff: 'fixed', delayMs: 150, jitter: 'none' } } as const

/** A call to the sink that says whose it is. */
export function call(
  sinkUrl: string,
  program: string,
  step: string,
  { path = '/ok', settings = fixedRetry }: { path?: string; settings?: NonNullable<GraphNode['settings']> } = {},
): GraphNode {
  return node(
    step,
    'http.request',
    {
      method: 'POST',
      url: sinkUrl + path,
      bodyType: 'json',
      json: { event: '{{ trigger.body?.event ?? trigger.data.event }}', program, step },
    },
    settings,
  )
}

export const hook = (respond: 'immediately' | 'finished' | 'node') => node('hook', 'trigger.webhook', { respond })
const wait = (ms: number) => node('pause', 'flow.wait', { mode: 'duration', duration: `${ms} ms` })
export const doubled = node('doubled', 'data.set', {
  fields: [{ name: 'twice', value: '{{ trigger.body.number * 2 }}' }],
})

export const programs: readonly Program[] = [
  {
    // hook ─► doubled, acknowledged at once and over in the first turn
    name: 'pure',
    source: 'hook',
    calls: [],
    graph: () => graph([hook('immediately'), doubled], 'hook>doubled'),
  },
  {
    // hook ─► doubled, answered when finished
    name: 'asked',
    source: 'hook',
    calls: [],
    answer: (number) => ({ twice: number * 2 }),
    graph: () => graph([hook('finished'), doubled], 'hook>doubled'),
  },
  {
    // hook ─► before ─► 300 ms ─► after
    name: 'around a wait',
    source: 'hook',
    calls: [{ step: 'before' }, { step: 'after', after: 'before', waitMs: 300 }],
    graph: (sink) =>
      graph(
        [hook('immediately'), call(sink, 'around a wait', 'before'), wait(300), call(sink, 'around a wait', 'after')],
        'hook>before>pause>after',
      ),
  },
  {
    // hook ─► call ─► doubled, answered when finished
    name: 'asked with a call',
    source: 'hook',
    calls: [{ step: 'call' }],
    answer: (number) => ({ twice: number * 2 }),
    graph: (sink) => graph([hook('finished'), call(sink, 'asked with a call', 'call'), doubled], 'hook>call>doubled'),
  },
  {
    //        ┌► left
    // hook ──┤
    //        └► right ─► last
    name: 'side by side',
    source: 'hook',
    calls: [{ step: 'left' }, { step: 'right' }, { step: 'last', after: 'right' }],
    graph: (sink) =>
      graph(
        [
          hook('immediately'),
          call(sink, 'side by side', 'left'),
          call(sink, 'side by side', 'right', { path: '/slow/120' }),
          call(sink, 'side by side', 'last'),
        ],
        'hook>left',
        'hook>right>last',
      ),
  },
  {
    // hook ─► failing ─► dropping ─► slow: each tried until it works
    name: 'stubborn',
    source: 'hook',
    calls: [
      { step: 'failing', fails: 1 },
      { step: 'dropping', after: 'failing', fails: 1 },
      { step: 'slow', after: 'dropping' },
    ],
    graph: (sink) =>
      graph(
        [
          hook('immediately'),
          call(sink, 'stubborn', 'failing', { path: '/status/500?first=1' }),
          call(sink, 'stubborn', 'dropping', { path: '/drop?first=1' }),
          call(sink, 'stubborn', 'slow', { path: '/slow/400' }),
        ],
        'hook>failing>dropping>slow',
      ),
  },
  {
    // hook ─► answer ─► later: the sender has its answer before the call is made
    name: 'answered by a node',
    source: 'hook',
    calls: [{ step: 'later' }],
    answer: (number) => ({ accepted: number }),
    graph: (sink) =>
      graph(
        [
          hook('node'),
          node('answer', 'webhook.respond', { status: 200, body: { accepted: '{{ trigger.body.number }}' } }),
          call(sink, 'answered by a node', 'later'),
        ],
        'hook>answer>later',
      ),
  },
  {
    // event ─► call
    name: 'listener with a call',
    source: 'event',
    calls: [{ step: 'call' }],
    graph: (sink) =>
      graph([node('event', 'trigger.event', { eventType }), call(sink, 'listener with a call', 'call')], 'event>call'),
  },
  {
    // event ─► noted
    name: 'pure listener',
    source: 'event',
    calls: [],
    graph: () =>
      graph(
        [
          node('event', 'trigger.event', { eventType }),
          node('noted', 'data.set', { fields: [{ name: 'event', value: '{{ trigger.data.event }}' }] }),
        ],
        'event>noted',
      ),
  },
]

/** What a sender chooses between: the webhook of one program, or an event for all that listen. */
export const targets: readonly Program[][] = [
  ...programs.filter(({ source }) => source === 'hook').map((program) => [program]),
  programs.filter(({ source }) => source === 'event'),
]
