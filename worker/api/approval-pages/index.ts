// approval-pages
//
// `/approvals/:token`, for people without an account.
//
//   P1. GET shows and never decides; only POST decides, and only with the stamp of a page that was shown.
//   P2. A POST that a browser says comes from another site is refused. Our pages send no referrer, so browsers may send
//       no origin with their forms either: then it is `Sec-Fetch-Site` that says where they come from.
//   P3. Every token that is not ours gets the same bytes. None is ever logged, and no page names where it came from.

import { Hono } from 'hono'
import { Verdict, type Approval } from '../../contract/approval.ts'
import { errorCatalogue } from '../../contract/facts/error.ts'
import { AppError, appError } from '../../lib/app-error.ts'
import { sha256, sha256Hex, toHex } from '../../lib/digest.ts'
import { base64Of } from './base64-of.ts'
import { rateLimitStore } from '../../store/rate-limits.ts'
import { decideByLink, showByLink, type LinkNeeds, type Shown } from '../../usecases/approvals/approvals-by-link.ts'
import { originsOf } from '../auth/auth-options.ts'
import { clientAddress } from '../client-address.ts'
import type { ApiContext, ApiEnv } from '../env.ts'
import { approvalPage, messagePage, type Notice } from './page.ts'
import { style } from './style.ts'

const maxFormBytes = 32_768
const maxComment = 4_000
const windowMs = 60_000
/** By address; decisions by link too. */
const perAddress = 60
const perLink = 20

export const approvalPages = new Hono<ApiEnv>()
  .get('/approvals/:token', (c) =>
    guarded(c, async (token) => {
      const shown = await showByLink(needsOf(c), token)
      await limit(c, 'look', undefined)
      return page(c, token, shown)
    }),
  )
  .post('/approvals/:token', (c) =>
    guarded(c, async (token) => {
      refuseForeign(c.req.raw)
      const shown = await showByLink(needsOf(c), token)
      await limit(c, 'decide', shown)
      const form = await readForm(c.req.raw)
      if (form.stamp !== (await stampOf(c, token, form.contentHash))) throw appError('approval.changed')
      try {
        const decided = await decideByLink(needsOf(c), token, form)
        return await page(c, token, decided, 200, noticeOf(form.verdict, decided.approval))
      } catch (error) {
        // What was decided before, or by others, is shown with why this did not count.
        if (!(error instanceof AppError) || error.code === 'approval.not_found') throw error
        const notice: Notice = { tone: 'bad', text: error.message }
        return page(c, token, await latest(c, token, shown), error.status, notice)
      }
    }),
  )

async function latest(c: ApiContext, token: string, shown: Shown): Promise<Shown> {
  return showByLink(needsOf(c), token).catch(() => shown)
}

/** Every answer is a page. What is not ours is not told apart, and no error of ours names the token. */
async function guarded(c: ApiContext, work: (token: string) => Promise<Response>): Promise<Response> {
  try {
    return await work(c.req.param('token') ?? '')
  } catch (error) {
    if (error instanceof AppError && error.code === 'approval.not_found') return unknown(c)
    if (!(error instanceof AppError) || error.code === 'internal') {
      const { message, stack } = error instanceof Error ? error : { message: String(error), stack: '' }
      console.error({ message: 'approval page failed', requestId: c.var.requestId, error: message, stack })
      return send(c, messagePage('Something went wrong', errorCatalogue.internal.message), 500)
    }
    return send(c, messagePage('This did not work', error.message), error.status)
  }
}

function unknown(c: ApiContext): Response {
  return send(c, messagePage('This link is not valid', 'It may be incomplete. Open it again from the message.'), 403)
}

async function page(c: ApiContext, token: string, { approval, ...whose }: Shown, status = 200, notice?: Notice) {
  const stamp = await stampOf(c, token, approval.contentHash)
  return send(c, approvalPage(approval, { ...whose, stamp, notice }), status)
}

function send(c: ApiContext, html: string, status: number): Response {
  const hash = base64Of(sha256(style))
  c.header(
    'Content-Security-Policy',
    `default-src 'none'; style-src 'sha256-${hash}'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'`,
  )
  c.header('X-Robots-Tag', 'noindex, nofollow')
  c.header('Content-Type', 'text/html; charset=utf-8')
  return c.body(html, status as 200)
}

function noticeOf(verdict: Verdict, { status }: Approval): Notice {
  const done = verdict === 'approve' ? 'You have approved this.' : 'You have rejected this.'
  const more = status === 'open' ? ' Others are still to decide.' : ''
  return { tone: 'good', text: `${done}${more}` }
}

/** What only a page that was shown can hold: of this link, and of what it showed. */
async function stampOf(c: ApiContext, token: string, contentHash: string): Promise<string> {
  const key = await c.var.backend.vault.deriveKey('approval')
  const text = new TextEncoder().encode(`page|${token}|${contentHash}`)
  return toHex(new Uint8Array(await crypto.subtle.sign('HMAC', key, text)))
}

function refuseForeign(request: Request): void {
  const site = request.headers.get('sec-fetch-site')
  const origin = request.headers.get('origin')
  const isOurs = origin !== null && originsOf(request).includes(origin)
  const isUnsaid = origin === null || origin === 'null'
  if (site !== null ? site !== 'same-origin' : !isOurs && !isUnsaid) throw appError('request.forbidden_origin')
  if (!isOurs && !isUnsaid) throw appError('request.forbidden_origin')
}

interface Form {
  verdict: Verdict
  comment: string
  contentHash: string
  stamp: string
}

async function readForm(request: Request): Promise<Form> {
  const type = request.headers.get('content-type') ?? ''
  if (!/^application\/x-www-form-urlencoded\s*(;|$)/i.test(type)) throw appError('request.unsupported_media_type')
  const decoder = new TextDecoder()
  let text = ''
  let size = 0
  for await (const chunk of request.body ?? []) {
    size += chunk.length
    if (size > maxFormBytes) throw appError('request.too_large')
    text += decoder.decode(chunk, { stream: true })
  }
  const fields = new URLSearchParams(text)
  const verdict = Verdict.safeParse(fields.get('verdict'))
  const contentHash = fields.get('contentHash') ?? ''
  const comment = (fields.get('comment') ?? '').trim()
  if (!verdict.success || !/^[0-9a-f]{64}$/.test(contentHash)) throw appError('request.invalid')
  if (comment.length > maxComment) throw appError('request.too_large')
  return { verdict: verdict.data, comment, contentHash, stamp: fields.get('stamp') ?? '' }
}

/** Only for links that are ours: to see that one is not costs a hash, to count it a row. */
async function limit(c: ApiContext, what: string, shown: Shown | undefined): Promise<void> {
  const { db, now } = c.var.backend
  const address = clientAddress(c)
  const counted: { key: string; max: number }[] = []
  if (address !== undefined) counted.push({ key: `approval|${what}|${address}`, max: perAddress })
  if (shown !== undefined) counted.push({ key: `approval|${what}|${shown.approval.id}|${shown.email}`, max: perLink })
  for (const { key, max } of counted) {
    const { count } = await rateLimitStore(db).take(sha256Hex(key), windowMs, now().getTime())
    if (count > max) throw appError('request.rate_limited')
  }
}

function needsOf(c: ApiContext): LinkNeeds {
  const { db, vault, approvalRuntime, now } = c.var.backend
  return { db, vault, approvalRuntime, now, requestId: c.var.requestId }
}
