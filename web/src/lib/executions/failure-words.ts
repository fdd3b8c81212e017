import type { Failure } from '#contract/failure.ts'
import type { Json } from '#contract/json.ts'

const mayHaveHappened = 'Look at the other side before you retry: what was called may have happened.'

/**
 * What can be done about a failure, in a sentence, by its code; by the first part of its code where all of that kind
 * are mended the same way. Undefined where its own message must do.
 */
export function adviceFor({ code, kind, sent }: Failure): string | undefined {
  const advice = advices[code] ?? advices[code.split('.')[0] ?? '']
  if (advice === undefined) return kind === 'unknown' || sent === 'unknown' ? mayHaveHappened : undefined
  return sent === 'unknown' && advice !== mayHaveHappened ? `${mayHaveHappened} ${advice}` : advice
}

/** How much of an answer stands in a line with others. */
const excerptLength = 160

/** A failure in one line. Where the other side refused, its answer mostly says why, so the beginning of that is in it. */
export function failureLine(failure: Failure): string {
  const answer = answerIn(failure)
  const text = typeof answer === 'string' ? withoutMarkup(answer) : answer === undefined ? '' : JSON.stringify(answer)
  const said = text.replace(/\s+/g, ' ').trim()
  if (said === '') return failure.message
  return `${failure.message} ${said.length > excerptLength ? `${said.slice(0, excerptLength)}…` : said}`
}

/**
 * What the other side answered where that is what is wrong: its data if it is JSON, else its text. Journals of earlier releases
 * hold JSON as text.
 */
export function answerIn(failure: Failure): Json | undefined {
  const details = 'details' in failure ? failure.details : undefined
  if (details === null || typeof details !== 'object' || Array.isArray(details)) return undefined
  const { body } = details
  if (typeof body !== 'string') return body ?? undefined
  if (body.trim() === '') return undefined
  try {
    return JSON.parse(body) as Json
  } catch {
    // It is text, or only the beginning of a long answer.
    return body
  }
}

/** Of a page that a server made to be looked at, its title. */
function withoutMarkup(text: string): string {
  return /^\s*</.test(text) ? (/<title[^>]*>([^<]*)</i.exec(text)?.[1] ?? '') : text
}

const advices: Record<string, string> = {
  concurrency: 'The workflow’s settings say how many may go on at a time. Retry to let this one wait for a place.',
  debounce: 'The workflow’s settings say how close events may follow each other. Retry to run this one as well.',
  throttle: 'The workflow’s settings say how many may start in a stretch of time. Retry to run this one all the same.',
  'egress.refused_address': 'Workflows may call public addresses on their usual ports. Check the URL of this step.',
  'egress.invalid_url': 'Check the URL of this step, and the values it is made of.',
  'egress.timeout': 'The other side took too long. Retry, or give the step a longer timeout.',
  'egress.unreachable': 'Check that the address is right and that the service is up, then retry.',
  'egress.too_large': 'The answer is too big for a step. Ask for less, page by page.',
  'http.unexpected_status': 'The other side did not take the call. Its answer usually says what it did not like.',
  'http.invalid_json': 'The answer is not JSON. Choose to read it as text in this step.',
  'expression.missing_path': 'Something the expression reads was not there. Give it another way with ?. or ??.',
  'expression.step_not_run': 'The expression reads a step that did not run on this way through the workflow.',
  expression: 'Open the workflow and mend the expression; the builder shows its value as you type.',
  params: 'Open the workflow and mend the settings of this step.',
  'step.timed_out': 'The step used up its time with all its retries. Retry, or give it a longer timeout.',
  'step.outcome_unknown': mayHaveHappened,
  'attempt.lost': 'It is asked for again under the same key, so that the other side can tell.',
  'execution.timed_out': 'The execution used up its active time. Waits do not count towards it.',
  'step.too_large': 'Let the step keep only what is needed, or read it in parts.',
  'execution.too_large': 'Let its steps keep less, or call another workflow for each part of the work.',
  'execution.too_many_steps': 'Look for a way that leads back without end.',
  loop_detected:
    'Look at which workflows start each other, and give one of them a condition that ends it. Retry starts this one anyway.',
  'node.unknown_type': 'The workflow uses a kind of step this release does not know.',
  'node.bad_outcome': 'What the step gave cannot be kept. This is on our side: report it with the execution id.',
  'node.crashed': 'This is on our side. Retry; if it happens again, report it with the execution id.',
}
