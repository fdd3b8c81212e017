import { z } from 'zod'
import { sentByStatus } from '../../lib/sent.ts'
import { RetryableError, TerminalError } from '../../lib/step-errors.ts'
import type { JsonObject } from '../../contract/json.ts'
import { jsonTextProblem } from '../../expressions/index.ts'
import { defineEffect, type EgressResponse, type ParamProblem } from '../define.ts'
import { field } from '../params/field.ts'
import { lazySchema, type ParamsOf } from '../params/lazy-schema.ts'
import { holdsExpression } from '../params/holds-expression.ts'
import { anyJson } from '../params/any-json.ts'
import { out } from '../ports.ts'
import { encodeBody } from './encode-body.ts'
import { isExpected, parseExpectation } from './expected-status.ts'
import { parseResponse } from './parse-response.ts'
import { refusalDetails } from './refusal-details.ts'
import { parseRetryAfter } from './retry-after.ts'
import { withQuery } from './with-query.ts'

/** A value that becomes text in a header or a query. Null leaves the entry out. */
const scalar = () => z.union([z.string(), z.number(), z.boolean(), z.null()])

export const requestParams = lazySchema(() =>
  z.strictObject({
    method: z
      .enum(['GET', 'POST', 'PUT', 'PATCH', 'DELETE', 'HEAD', 'OPTIONS'])
      .default('GET')
      .meta(field({ title: 'Method', control: 'select' })),
    url: z
      .string()
      .min(1)
      .max(8_192)
      .meta(
        field({
          title: 'Address',
          control: 'text',
          placeholder: 'https://api.example.com/orders/{{ trigger.body.id }}',
        }),
      ),
    query: z
      .record(z.string().min(1).max(200), z.union([scalar(), z.array(scalar()).max(100)]))
      .default({})
      .meta(
        field({
          title: 'Query',
          description: 'Added to the address, encoded. A list repeats its name, null is left out.',
          control: 'keyValue',
        }),
      ),
    headers: z
      .record(z.string().min(1).max(200), scalar())
      .default({})
      .meta(field({ title: 'Headers', control: 'keyValue' })),

    bodyType: z
      .enum(['none', 'json', 'form', 'text'])
      .default('none')
      .meta(
        field({
          title: 'Body',
          control: 'select',
          labels: { none: 'None', json: 'JSON', form: 'Form fields', text: 'Text' },
          group: 'Body',
        }),
      ),
    json: anyJson.optional().meta(
      field({
        title: 'JSON',
        description:
          'An expression alone, such as {{ trigger.body }}, is sent as the value it gives. In JSON, quotes make a text of it, whatever is in it.',
        control: 'json',
        readsJsonText: true,
        group: 'Body',
        showWhen: { bodyType: 'json' },
      }),
    ),
    form: z
      .record(z.string().min(1).max(200), z.union([scalar(), z.array(scalar()).max(100)]))
      .default({})
      .meta(field({ title: 'Fields', control: 'keyValue', group: 'Body', showWhen: { bodyType: 'form' } })),
    text: z
      .string()
      .default('')
      .meta(field({ title: 'Text', control: 'longText', group: 'Body', showWhen: { bodyType: 'text' } })),
    contentType: z
      .string()
      .max(200)
      .default('')
      .meta(
        field({
          title: 'Content type',
          control: 'text',
          placeholder: 'text/plain; charset=utf-8',
          group: 'Body',
          showWhen: { bodyType: 'text' },
        }),
      ),

    expected: z
      .string()
      .max(200)
      .refine(
        (text) => parseExpectation(text) !== null,
        'must be statuses such as 2xx, 404 or 200-299, joined by commas',
      )
      .default('2xx')
      .meta(
        field({
          title: 'Expected status',
          description: 'Any other status is an error: 408, 425, 429 and 5xx are tried again, the rest are not.',
          control: 'text',
          placeholder: '2xx, 404',
          group: 'Answer',
        }),
      ),
    parse: z
      .enum(['auto', 'json', 'text', 'base64'])
      .default('auto')
      .meta(
        field({
          title: 'Read the body as',
          control: 'select',
          labels: { auto: 'What it says it is', json: 'JSON', text: 'Text', base64: 'Bytes (base64)' },
          group: 'Answer',
        }),
      ),
    maxResponseKb: z
      .int()
      .min(1)
      .max(1_024)
      .default(256)
      .meta(
        field({
          title: 'Largest answer in kB',
          description: 'A larger one is an error; nothing is cut off.',
          control: 'number',
          group: 'Answer',
        }),
      ),
    maxRedirects: z
      .int()
      .min(0)
      .max(5)
      .default(5)
      .meta(field({ title: 'Redirects to follow', control: 'number', group: 'Answer' })),
  }),
)
export type RequestParams = ParamsOf<typeof requestParams>

export const request = defineEffect({
  type: 'http.request',
  title: 'HTTP request',
  description: 'Calls an address on the internet and gives its answer.',
  family: 'service',
  icon: 'globe',
  aliases: ['http', 'rest', 'api', 'curl', 'call', 'webhook', 'get', 'post', 'fetch', 'http_request'],
  params: requestParams,
  check: checkRequest,
  defaultParams: { method: 'GET', url: '' },
  ports: [out],
  summary: '{method} {url}',
  sampleOutput: {
    status: 200,
    headers: { 'content-type': 'application/json' },
    body: { ok: true },
    url: 'https://api.example.com/',
  },
  sampleError: {
    code: 'http.unexpected_status',
    message: 'The answer was 422.',
    kind: 'terminal',
    attempt: 1,
    sent: 'answered',
    details: {
      status: 422,
      headers: { 'content-type': 'application/json' },
      body: { error: 'No such order.' },
    },
  },
  async perform({ params, fetch, idempotencyKey }) {
    const body = encodeBody(params)
    const headers = requestHeaders(params.headers)
    if (body !== null && !headers.has('content-type')) headers.set('content-type', body.contentType)
    if (!headers.has('accept')) headers.set('accept', 'application/json, */*;q=0.8')
    if (!headers.has('idempotency-key')) headers.set('idempotency-key', idempotencyKey)

    const response = await fetch({
      url: withQuery(params.url, params.query),
      method: params.method,
      headers: Object.fromEntries(headers),
      ...(body === null ? {} : { body: body.content }),
      maxRedirects: params.maxRedirects,
      maxResponseBytes: params.maxResponseKb * 1024,
    })
    if (!isExpected(response.status, parseExpectation(params.expected) ?? [])) {
      throw unexpected(response, params.parse)
    }
    return {
      output: {
        status: response.status,
        headers: response.headers,
        body: parseResponse(response, params.parse),
        url: response.url,
      },
      port: out.name,
    }
  },
})

/** A constant address must be one; which hosts are open is decided where it is called. */
function checkRequest({ url = '', method = 'GET', bodyType = 'none', json }: JsonObject): ParamProblem[] {
  const problems: ParamProblem[] = []
  if (typeof url === 'string' && !holdsExpression(url) && !/^https?:$/.test(URL.parse(url)?.protocol ?? '')) {
    const message = 'Address must start with https:// or http://.'
    problems.push({ severity: 'error', code: 'param.invalid', message, path: ['url'] })
  }
  if ((method === 'GET' || method === 'HEAD') && bodyType !== 'none') {
    const message = `A ${method} request cannot have a body.`
    problems.push({ severity: 'error', code: 'param.invalid', message, path: ['bodyType'] })
  }
  if (bodyType === 'json' && typeof json === 'string') {
    const message = jsonTextProblem(json)
    if (message !== undefined) problems.push({ severity: 'error', code: 'param.invalid', message, path: ['json'] })
  }
  return problems
}

/** Names in lower case, so that a name given twice in two spellings is one header. */
function requestHeaders(headers: RequestParams['headers']): Map<string, string> {
  return new Map(
    Object.entries(headers)
      .filter(([, value]) => value !== null)
      .map(([name, value]) => [name.trim().toLowerCase(), String(value)]),
  )
}

function unexpected(response: EgressResponse, parse: RequestParams['parse']): TerminalError | RetryableError {
  const { status } = response
  const details = refusalDetails(response, parse)
  const message = `The answer was ${status}.`
  const mayHelp = status === 408 || status === 425 || status === 429 || status >= 500
  if (!mayHelp) return new TerminalError('http.unexpected_status', message, { details })
  const retryAfterMs = parseRetryAfter(response.headers)
  return new RetryableError('http.unexpected_status', message, {
    details,
    sent: sentByStatus(status),
    ...(retryAfterMs === null ? {} : { retryAfterMs }),
  })
}
