import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { contentHash } from '../../worker/approvals/content-hash.ts'
import { isSame, judgeVote } from '../../worker/approvals/judge-vote.ts'
import { settleApproval } from '../../worker/approvals/settle-approval.ts'
import type { ApprovalRequest, CountedVote, Vote } from '../../worker/contract/approval.ts'
import { anyRequest, anyVote, counted, hash, member, outsider, requestOf, voteOf } from './support.ts'

const facts = { votes: [] as CountedVote[], escalated: false, involved: [], contentHash: hash }

describe('whether a decision counts', () => {
  test('E4: a role that is not asked does not decide, a named person of that role does', () => {
    const request = requestOf({ approvers: { emails: ['ada@example.com'], roles: ['admin'] } })
    expect(judgeVote(request, facts, voteOf(member('eve', 'viewer')))).toBe('not_asked')
    expect(judgeVote(request, facts, voteOf(member('eve', 'operator')))).toBe('not_asked')
    expect(judgeVote(request, facts, voteOf(member('eve', 'admin')))).toBeNull()
    expect(judgeVote(request, facts, voteOf(member('ada', 'viewer')))).toBeNull()
    expect(judgeVote(request, facts, voteOf(outsider('eve')))).toBe('not_asked')
  })

  test('E2: a person decides once, by the app or by a link', () => {
    const votes = [counted(member('ada'))]
    expect(judgeVote(requestOf(), { ...facts, votes }, voteOf(outsider('ada'), 'reject'))).toBe('decided_before')
    expect(judgeVote(requestOf(), { ...facts, votes }, voteOf(member('ada'), 'reject'))).toBe('decided_before')
    expect(judgeVote(requestOf(), { ...facts, votes }, voteOf(outsider('grace')))).toBeNull()
  })

  test('with four eyes, who started or edited does not decide, not even by a link to their address', () => {
    const involved = [{ userId: 'usr_ada', email: 'Ada@Example.com' }]
    const request = requestOf({ fourEyes: true })
    expect(judgeVote(request, { ...facts, involved }, voteOf(member('ada')))).toBe('four_eyes')
    expect(judgeVote(request, { ...facts, involved }, voteOf(outsider('ada')))).toBe('four_eyes')
    expect(judgeVote(request, { ...facts, involved }, voteOf(member('grace')))).toBeNull()
    expect(judgeVote(requestOf(), { ...facts, involved }, voteOf(member('ada')))).toBeNull()
  })

  test('E8: what is to be signed counts only signed, and only about what was shown', () => {
    const request = requestOf({ signature: 'password' })
    expect(judgeVote(request, facts, voteOf(member('ada')))).toBe('unsigned')
    expect(judgeVote(request, facts, voteOf(member('ada'), 'approve', { signedBy: 'password' }))).toBeNull()
    const coded = requestOf({ signature: 'totp' })
    for (const signedBy of [null, 'password'] as const) {
      expect(judgeVote(coded, facts, voteOf(member('ada'), 'approve', { signedBy }))).toBe('unsigned')
      expect(judgeVote(request, facts, voteOf(member('ada'), 'approve', { signedBy: 'totp' }))).toBe('unsigned')
    }
    for (const signedBy of ['totp', 'recovery_code'] as const) {
      expect(judgeVote(coded, facts, voteOf(member('ada'), 'approve', { signedBy }))).toBeNull()
    }
    const other = voteOf(member('ada'), 'approve', { contentHash: 'b'.repeat(64) })
    expect(judgeVote(requestOf(), facts, other)).toBe('other_content')
  })

  test('those to whom it is escalated decide from then on, and not before', () => {
    const request = requestOf({ escalation: { at: 5, approvers: { emails: ['boss@example.com'], roles: [] } } })
    expect(judgeVote(request, facts, voteOf(outsider('boss')))).toBe('not_asked')
    expect(judgeVote(request, { ...facts, escalated: true }, voteOf(outsider('boss')))).toBeNull()
  })
})

describe('how an approval stands', () => {
  const ada = counted(outsider('ada'))
  const grace = counted(outsider('grace'))
  const linus = counted(outsider('linus'))
  const no = (vote: CountedVote): CountedVote => ({ ...vote, verdict: 'reject' })

  test.each<[string, Partial<ApprovalRequest>, CountedVote[], string | null]>([
    ['any: the first approves', { quorum: 'any' }, [ada], 'approved'],
    ['any: the first rejects', { quorum: 'any' }, [no(ada)], 'rejected'],
    ['all: two of three', { quorum: 'all' }, [ada, grace], null],
    ['all: three of three', { quorum: 'all' }, [ada, grace, linus], 'approved'],
    ['all: one rejects', { quorum: 'all' }, [ada, no(grace)], 'rejected'],
    ['two of three: one each', { quorum: 2 }, [ada, no(grace)], null],
    ['two of three: two approve', { quorum: 2 }, [ada, no(grace), linus], 'approved'],
    ['two of three: two reject', { quorum: 2 }, [no(ada), no(grace)], 'rejected'],
  ])('%s', (_, given, votes, expected) => {
    expect(settleApproval(requestOf(given), votes, false)).toBe(expected)
  })

  test('of all, each role has a seat of its own: a named person does not take it', () => {
    const request = requestOf({ quorum: 'all', approvers: { emails: ['ada@example.com'], roles: ['admin'] } })
    const named = counted(member('ada', 'admin'))
    expect(settleApproval(request, [named], false)).toBeNull()
    expect(settleApproval(request, [named, counted(member('grace', 'admin'))], false)).toBe('approved')
  })

  test('who decides since the escalation decides alone', () => {
    const escalation = { at: 5, approvers: { emails: ['boss@example.com'], roles: [] } }
    const request = requestOf({ quorum: 'all', escalation })
    expect(settleApproval(request, [no(counted(outsider('boss')))], true)).toBe('rejected')
    expect(settleApproval(request, [ada, counted(outsider('boss'))], true)).toBe('approved')
  })

  /** What counts of votes as they come, and how it ends. */
  function play(request: ApprovalRequest, votes: readonly Vote[]) {
    const taken: CountedVote[] = []
    const endings: string[] = []
    for (const vote of votes) {
      if (judgeVote(request, { ...facts, votes: taken }, vote) !== null) continue
      if (endings.length > 0) break
      taken.push({ ...vote, at: taken.length })
      const ending = settleApproval(request, taken, false)
      if (ending !== null) endings.push(ending)
    }
    return { taken, ending: endings[0] ?? null }
  }

  test('E2: whatever comes, in whatever order and however often, nobody counts twice and it ends at most one way', () => {
    fc.assert(
      fc.property(anyRequest, fc.array(anyVote, { maxLength: 12 }), (request, votes) => {
        const { taken, ending } = play(request, votes)
        for (const [index, vote] of taken.entries()) {
          expect(taken.slice(index + 1).some(({ by }) => isSame(by, vote.by))).toBe(false)
        }
        const doubled = votes.flatMap((vote) => [vote, vote])
        expect(play(request, doubled)).toEqual({ taken, ending })
        if (ending === 'approved') expect(taken.some(({ verdict }) => verdict === 'approve')).toBe(true)
        if (ending === 'rejected') expect(taken.some(({ verdict }) => verdict === 'reject')).toBe(true)
      }),
      { numRuns: 500 },
    )
  })

  test('when everybody named has decided, it is decided: nobody waits for people who do not exist', () => {
    const named = anyRequest.filter(({ approvers }) => approvers.roles.length === 0)
    fc.assert(
      fc.property(named, fc.array(fc.boolean(), { minLength: 5, maxLength: 5 }), (request, verdicts) => {
        const votes = request.approvers.emails.map((email, index) =>
          voteOf({ kind: 'outsider', email }, verdicts[index] === true ? 'approve' : 'reject'),
        )
        expect(play(request, votes).ending).not.toBeNull()
      }),
      { numRuns: 300 },
    )
  })
})

test('E8: equal contents have equal hashes, whatever the order of their keys, and others have others', () => {
  fc.assert(
    fc.property(fc.dictionary(fc.string(), fc.jsonValue()), fc.string(), (details, message) => {
      const reversed = Object.fromEntries(Object.entries(details).reverse())
      const of = (given: object, text: string) =>
        contentHash({ title: 'Pay?', message: text, details: JSON.parse(JSON.stringify(given)) })
      expect(of(reversed, message)).toBe(of(details, message))
      expect(of(details, `${message}.`)).not.toBe(of(details, message))
    }),
    { numRuns: 200 },
  )
})
