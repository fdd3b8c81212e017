import { Hono } from 'hono'
import { base32 } from '../../lib/base32.ts'
import type { Api, ApiEnv } from '../env.ts'
import { apiVersion } from '../version.ts'
import { describeApi, type ApiDocument } from './describe-api.ts'
import { renderReference } from './render-reference.ts'

const about = {
  info: {
    title: 'Leat API',
    version: apiVersion,
    description:
      'Every answer is `{ success, data | error, metadata }`. Send an API key as `Authorization: Bearer leat_…`, or ' +
      'the session cookie from a page of this site.\n\nLists are pages: `items`, and `nextCursor` while there are more.',
  },
  servers: [{ url: '/' }],
  security: [{ apiKey: [] }, { session: [] }],
  securitySchemes: {
    apiKey: { type: 'http', scheme: 'bearer', description: 'An API key: `leat_…`.' },
    session: { type: 'apiKey', in: 'cookie', name: 'leat.session_token', description: 'Set by signing in.' },
  },
}

/** The OpenAPI document of what an API has declared, and the page that shows it. Both are made when first asked for. */
export function docsApi(documented: Api): Hono<ApiEnv> {
  let made: ApiDocument | undefined
  const document = () => (made ??= describeApi(documented, about))

  return new Hono<ApiEnv>()
    .get('/api/v2/openapi.json', (c) => c.json({ ...document() }))
    .get('/api/docs', (c) => {
      const nonce = base32(crypto.getRandomValues(new Uint8Array(16)))
      const style = `style-src 'nonce-${nonce}'`
      c.header('Content-Security-Policy', `default-src 'none'; ${style}; frame-ancestors 'none'; base-uri 'none'`)
      return c.html(renderReference(document(), nonce))
    })
}
