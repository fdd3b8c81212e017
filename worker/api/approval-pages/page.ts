// The pages behind a link to an approval: plain HTML that works without scripts. Everything people wrote is text here,
// never markup.

import type { Approval } from '../../contract/approval.ts'
import type { Json, JsonObject } from '../../contract/json.ts'
import { escapeHtml } from './html.ts'
import { style } from './style.ts'

export interface Notice {
  tone: 'good' | 'bad' | 'plain'
  text: string
}

/** The question, and the form that decides while it is open. `stamp` proves that the page was shown. */
export function approvalPage(
  approval: Approval,
  {
    email,
    organizationName,
    stamp,
    notice,
  }: { email: string; organizationName: string; stamp: string; notice?: Notice | undefined },
): string {
  const { content, workflow, status, contentHash, dueAt } = approval
  const said = notice ?? noticeOf(approval)
  const canDecide = status === 'open' && !approval.decidedByMe && approval.signature === 'none'
  return document(
    `${content.title} · ${organizationName}`,
    `${said === null ? '' : noticeHtml(said)}
    <h1>${escapeHtml(content.title)}</h1>
    <p class="muted">Asked by ${escapeHtml(organizationName)} through “${escapeHtml(workflow.name)}”, ${status === 'open' ? 'to be' : 'was to be'} decided by ${time(dueAt)}.</p>
    ${content.message === '' ? '' : `<p class="message">${escapeHtml(content.message)}</p>`}
    ${details(content.details)}
    ${canDecide ? form(contentHash, stamp) : ''}`,
    `For ${escapeHtml(email)}. What is shown here has the hash ${contentHash}.`,
  )
}

/** A page that says one thing. */
export function messagePage(title: string, text: string): string {
  return document(title, `<h1>${escapeHtml(title)}</h1><p>${escapeHtml(text)}</p>`, '')
}

function form(contentHash: string, stamp: string): string {
  return `<form method="post">
      <input type="hidden" name="contentHash" value="${escapeHtml(contentHash)}">
      <input type="hidden" name="stamp" value="${escapeHtml(stamp)}">
      <label for="comment">Comment <span>optional</span></label>
      <textarea id="comment" name="comment" maxlength="4000"></textarea>
      <div class="actions">
        <button class="primary" name="verdict" value="approve">Approve</button>
        <button name="verdict" value="reject">Reject</button>
      </div>
    </form>`
}

function noticeOf({ status, decidedByMe, signature }: Approval): Notice | null {
  switch (status) {
    case 'approved':
      return { tone: 'good', text: 'This has been approved.' }
    case 'rejected':
      return { tone: 'bad', text: 'This has been rejected.' }
    case 'expired':
      return { tone: 'plain', text: 'The time to decide is over.' }
    case 'cancelled':
      return { tone: 'plain', text: 'This is not asked any more.' }
    case 'open':
      if (decidedByMe) return { tone: 'good', text: 'Your decision is kept. Others are still to decide.' }
      if (signature === 'none') return null
      return { tone: 'plain', text: 'This has to be signed. Sign in to the app and decide there.' }
  }
}

function noticeHtml({ tone, text }: Notice): string {
  return `<p class="notice ${tone}" role="status">${escapeHtml(text)}</p>`
}

/** An object as a table of its fields, with what lies in them as tables and lists of their own; anything else as JSON. */
function details(value: Json): string {
  if (value === null) return ''
  if (typeof value !== 'object' || Array.isArray(value)) return `<pre>${escapeHtml(textOf(value))}</pre>`
  return Object.keys(value).length === 0 ? '' : table(value, 1)
}

/** Tables in tables are read up to here; what lies deeper is JSON. */
const deepest = 3

function table(value: JsonObject, depth: number): string {
  const rows = Object.entries(value).map(
    ([name, entry]) => `<dt>${escapeHtml(name)}</dt><dd>${inner(entry, depth)}</dd>`,
  )
  return `<dl>${rows.join('')}</dl>`
}

function inner(value: Json, depth: number): string {
  const isFilled = typeof value === 'object' && value !== null && Object.keys(value).length > 0
  if (!isFilled || depth >= deepest) return escapeHtml(textOf(value))
  if (!Array.isArray(value)) return table(value, depth + 1)
  return `<ul>${value.map((entry) => `<li>${inner(entry, depth + 1)}</li>`).join('')}</ul>`
}

function textOf(value: Json): string {
  return typeof value === 'string' ? value : JSON.stringify(value, null, 2)
}

function time(iso: string): string {
  const words = new Intl.DateTimeFormat('en', { dateStyle: 'medium', timeStyle: 'short', timeZone: 'UTC' })
  return `<time datetime="${iso}">${words.format(new Date(iso))} UTC</time>`
}

function document(title: string, main: string, footer: string): string {
  return `<!doctype html>
<html lang="en">
<head>
  <meta charset="utf-8">
  <meta name="viewport" content="width=device-width, initial-scale=1">
  <meta name="robots" content="noindex, nofollow">
  <title>${escapeHtml(title)}</title>
  <style>${style}</style>
</head>
<body>
  <main>
    ${main}
  </main>
  ${footer === '' ? '' : `<footer>${footer}</footer>`}
</body>
</html>`
}
