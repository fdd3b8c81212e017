// What goes out together is written down together, by whoever makes the call, and one that cannot be written harms no other.

import { describe, expect, test } from 'vitest'
import type { Env } from '../../worker/env.ts'
import type { EventId, OrganizationId } from '../../worker/contract/id.ts'
import { appError } from '../../worker/lib/app-error.ts'
import { newId } from '../../worker/lib/id.ts'
import type { Acceptance, OfferedEvent } from '../../worker/runtime/inbox/accept-together.ts'
import { createAcceptor, type Candidate } from '../../worker/runtime/inbox/acceptor.ts'
import { mostRowBytes } from '../../worker/runtime/inbox/fits-row.ts'

const organizationId: OrganizationId = newId('organization')

/** Inboxes that answer when told to, and remember what was offered together. */
function inboxes() {
  const offers: string[][] = []
  const open: PromiseWithResolvers<void>[] = []
  const inbox = {
    async acceptAll(_: OrganizationId, events: OfferedEvent[]): Promise<Acceptance[]> {
      offers.push(events.map(({ id }) => id))
      const answer = Promise.withResolvers<void>()
      open.push(answer)
      await answer.promise
      return events.map(({ id }) => ({ kind: 'accepted', number: Number(id) }))
    },
  }
  const acceptor = createAcceptor({ INBOXES: { getByName: () => inbox } } as unknown as Env)
  return {
    offers,
    accept: (candidate: Candidate) => acceptor.accept(organizationId, candidate),
    waiting: () => acceptor.waiting(),
    /** Answers as often as asked, until nothing waits. */
    async answerAll() {
      while (acceptor.waiting() > 0) {
        open.shift()?.resolve()
        await new Promise((resolve) => setTimeout(resolve, 2))
      }
    },
  }
}

function event(id: number, pending = 'text'): OfferedEvent {
  const name = String(id)
  return {
    key: 'one inbox',
    windowMs: 1_000,
    bodyHash: name,
    id: name as EventId,
    at: 0,
    kind: 'trigger',
    pending,
    answer: '[]',
  }
}

/** One that notes when it is written. */
function candidate(
  id: number,
  log: number[],
  { steps, pending }: { steps?: number; pending?: string } = {},
): Candidate {
  const write = () => {
    log.push(id)
    return event(id, pending)
  }
  return { key: 'one inbox', write, ...(steps !== undefined && { steps }) }
}

describe('an event on its way into an inbox', () => {
  test('W1: is written down when its offer goes out, with all that go along', async () => {
    const { offers, accept, answerAll } = inboxes()
    const written: number[] = []
    const accepted = Promise.all([1, 2, 3, 4].map((id) => accept(candidate(id, written))))
    expect(written).toEqual([1])
    await answerAll()
    expect(await accepted).toEqual([1, 2, 3, 4].map((number) => ({ kind: 'accepted', number })))
    expect(written).toEqual([1, 2, 3, 4])
    expect(offers).toEqual([['1'], ['2', '3', '4']])
  })

  test('W1: takes no more along than one request should play', async () => {
    const { offers, accept, answerAll } = inboxes()
    const accepted = Promise.all([1, 2, 3, 4, 5, 6].map((id) => accept(candidate(id, [], { steps: 100 }))))
    await answerAll()
    await accepted
    expect(offers).toEqual([['1'], ['2', '3'], ['4', '5'], ['6']])
  })

  test('W2: that cannot be written down fails for its own request, and for no other', async () => {
    const { offers, accept, answerAll } = inboxes()
    const fails = (): Candidate => ({
      key: 'one inbox',
      write() {
        throw appError('hook.conflict')
      },
    })
    const written: number[] = []
    const results = Promise.allSettled([
      accept(candidate(1, written)),
      accept(fails()),
      accept(candidate(2, written)),
      accept(candidate(3, written, { pending: 'x'.repeat(mostRowBytes + 1) })),
    ])
    await answerAll()
    expect(await results).toMatchObject([
      { status: 'fulfilled', value: { number: 1 } },
      { status: 'rejected', reason: { code: 'hook.conflict' } },
      { status: 'fulfilled', value: { number: 2 } },
      { status: 'rejected', reason: { code: 'request.too_large' } },
    ])
    expect(offers).toEqual([['1'], ['2']])
  })

  test('W2: asks the inbox nothing where none of them can be written down', async () => {
    const { offers, accept } = inboxes()
    const large = candidate(1, [], { pending: 'x'.repeat(mostRowBytes + 1) })
    await expect(accept(large)).rejects.toMatchObject({ code: 'request.too_large' })
    expect(offers).toEqual([])
  })

  test('goes in a call of its own where all together are more than one call takes', async () => {
    const { offers, accept, answerAll } = inboxes()
    const pending = 'x'.repeat(1_500_000)
    const accepted = Promise.all([1, 2, 3, 4].map((id) => accept(candidate(id, [], { pending }))))
    await answerAll()
    expect(await accepted).toHaveLength(4)
    expect(offers).toEqual([['1'], ['2', '3'], ['4']])
  })
})
