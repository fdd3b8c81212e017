import { describe, expect, test } from 'vitest'
import type { TapId } from '#contract/id.ts'
import type { Tap, TapNews, TapRefusal } from '#contract/tap.ts'
import type { WebhookTrigger } from '#contract/trigger.ts'
import { ApiError } from '../../../web/src/lib/api/api-error.ts'
import { Listener, type ListenerPorts } from '../../../web/src/lib/builder/testing/listener.svelte.ts'
import { refusalWords } from '../../../web/src/lib/builder/testing/refusal-words.ts'

const expiresAt = '2026-01-01T00:05:00.000Z'
const trigger: WebhookTrigger = { type: 'webhook', method: 'POST', headers: {}, query: {}, body: { id: 1 } }
const received: TapNews = { state: 'received', refused: [], receivedAt: expiresAt, outcome: 'test', trigger }
const refusal: TapRefusal = { at: '2026-01-01T00:01:00.000Z', method: 'POST', status: 401, code: 'x', message: 'No.' }
const listening = (refused: TapRefusal[] = []): TapNews => ({ state: 'listening', refused, expiresAt })
const error = (code: string, status = 404) => new ApiError({ code, message: `It is ${code}.`, status })

/** A listener whose server gives these answers in turn and then never one, and the story of what was asked. */
function makeListener(answers: (TapNews | Error)[], part: Partial<ListenerPorts> = {}) {
  const story: string[] = []
  let now = 0
  let opened = 0
  const listener: Listener = new Listener({
    saveDraft: async () => true,
    open: async (nodeId) => {
      story.push(`open ${nodeId}`)
      return { id: `tap_${++opened}` as TapId, nodeId, url: 'https://leat.test/hooks/a', expiresAt } satisfies Tap
    },
    wait: async ({ id }, { after, waitMs }, signal) => {
      story.push(`wait ${id} ${waitMs}${after === undefined ? '' : ` after ${after}`}`)
      now += waitMs
      const answer = answers.shift()
      if (answer instanceof Error) throw answer
      if (answer !== undefined) return answer
      return new Promise((_, reject) => {
        signal.addEventListener('abort', () => reject(new DOMException('given up', 'AbortError')))
      })
    },
    close: async ({ id }) => story.push(`close ${id}`),
    received: (nodeId, came) =>
      story.push(`${nodeId} received ${JSON.stringify('body' in came ? came.body : came.data)}`),
    sleep: async (ms) => void (now += ms),
    now: () => now,
    ...part,
  })
  return { listener, story }
}

const settle = () => new Promise((resolve) => setTimeout(resolve))

describe('listening', () => {
  test('asks until something has come, keeps it, and has the tap closed', async () => {
    const { listener, story } = makeListener([listening(), listening([refusal]), received])
    await listener.listen('hook')
    expect(story).toEqual([
      'open hook',
      'wait tap_1 20000',
      'wait tap_1 20000',
      `wait tap_1 20000 after ${refusal.at}`,
      'hook received {"id":1}',
      'close tap_1',
    ])
    expect(listener.state).toEqual({ status: 'received', nodeId: 'hook', at: expiresAt, outcome: 'test' })
    expect([listener.arrivals, listener.isListening]).toEqual([1, false])
  })

  test('for an event says whether it meets the conditions of the step', async () => {
    const event = { type: 'order.paid', data: { total: 2 }, id: 'a', occurredAt: expiresAt }
    const came: TapNews = { ...received, outcome: 'accepted', trigger: event, meetsConditions: false }
    const { listener, story } = makeListener([came])
    await listener.listen('on')
    expect(listener.state).toEqual({
      status: 'received',
      nodeId: 'on',
      at: expiresAt,
      outcome: 'accepted',
      meetsConditions: false,
    })
    expect(story).toContain('on received {"total":2}')
  })

  test('says what was refused, and when nobody answers; and goes on', async () => {
    const { listener } = makeListener([listening([refusal]), error('network.unreachable', 0)], {
      sleep: () => new Promise(() => {}),
    })
    void listener.listen('hook')
    await settle()
    expect(listener.state).toMatchObject({ status: 'listening', refused: [refusal], isCutOff: true })
  })

  test('opens another tap where the server has forgotten the one it had', async () => {
    const { listener, story } = makeListener([error('tap.not_found'), received])
    await listener.listen('hook')
    expect(story.slice(0, 4)).toEqual(['open hook', 'wait tap_1 20000', 'open hook', 'wait tap_2 20000'])
    expect(listener.state.status).toBe('received')
  })

  test('is over after five minutes, whatever the server has forgotten meanwhile', async () => {
    const { listener, story } = makeListener(
      Array.from({ length: 30 }, (_, index) => [listening(), error('tap.not_found')][index % 2]!),
    )
    await listener.listen('hook')
    expect(listener.state).toMatchObject({ status: 'over', early: false })
    expect(story.at(-1)).toMatch(/^close|^wait/)
  })

  test('says when others listen in its place', async () => {
    const { listener } = makeListener([{ state: 'over', refused: [] }])
    await listener.listen('hook')
    expect(listener.state).toMatchObject({ status: 'over', early: true })
  })

  test('is over at once when it is stopped, and takes nothing that comes then', async () => {
    let answer: (news: TapNews) => void = () => {}
    const { listener, story } = makeListener([], { wait: () => new Promise((resolve) => (answer = resolve)) })
    const over = listener.listen('hook')
    await settle()
    expect(listener.isListening).toBe(true)
    listener.stop()
    expect(listener.state).toEqual({ status: 'idle' })
    answer(received)
    await over
    expect([listener.state, story]).toEqual([{ status: 'idle' }, ['open hook', 'close tap_1']])
  })

  test('closes a tap that was opened for somebody who had stopped', async () => {
    let open: (tap: Tap) => void = () => {}
    const { listener, story } = makeListener([], { open: () => new Promise((resolve) => (open = resolve)) })
    const over = listener.listen('hook')
    await settle()
    listener.stop()
    open({ id: 'tap_9' as TapId, nodeId: 'hook', url: 'https://leat.test/hooks/a', expiresAt })
    await over
    expect(story).toEqual(['close tap_9'])
  })

  test('at another webhook ends that at the first', async () => {
    const { listener, story } = makeListener([])
    void listener.listen('hook')
    await settle()
    void listener.listen('other')
    await settle()
    expect(story).toEqual(['open hook', 'wait tap_1 20000', 'close tap_1', 'open other', 'wait tap_2 20000'])
    expect(listener.state).toMatchObject({ nodeId: 'other' })
  })

  test('that is refused says why, as does one of a draft that cannot be saved', async () => {
    const refused = makeListener([error('workflow.archived', 409)]).listener
    await refused.listen('hook')
    expect(refused.state).toEqual({ status: 'failed', nodeId: 'hook', reason: 'It is workflow.archived.' })
    const unsaved = makeListener([], { saveDraft: async () => false })
    await unsaved.listener.listen('hook')
    expect([unsaved.listener.state.status, unsaved.story]).toEqual(['failed', []])
  })
})

test('a refusal says what to look at, and what the sender was told where there is nothing better', () => {
  expect(refusalWords({ reason: 'no_secret', message: 'No.' })).toContain('no secret yet')
  expect(refusalWords({ reason: 'new_reason', message: 'No.' })).toBe('No.')
  expect(refusalWords({ message: 'Not valid JSON.' })).toBe('Not valid JSON.')
})
