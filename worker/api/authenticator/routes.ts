import { createRoute } from '@hono/zod-openapi'
import {
  Authenticator,
  BeginAuthenticatorRequest,
  ConfirmAuthenticatorRequest,
  NewAuthenticator,
  RecoveryCodes,
  RemoveAuthenticatorRequest,
} from '../../contract/authenticator.ts'
import { errors, json, jsonBody } from '../respond.ts'

const tags = ['Members']

export const getAuthenticatorRoute = createRoute({
  operationId: 'getAuthenticator',
  method: 'get',
  path: '/me/authenticator',
  tags,
  summary: 'Your authenticator app',
  description: 'Whether you can sign with codes. Only by a session: a key has none.',
  responses: { 200: json(Authenticator, 'How it stands.'), ...errors() },
})

export const beginAuthenticatorRoute = createRoute({
  operationId: 'beginAuthenticator',
  method: 'post',
  path: '/me/authenticator',
  tags,
  summary: 'Add an authenticator app',
  description: 'Gives a secret, once. It counts when a code of it was confirmed.',
  request: { body: jsonBody(BeginAuthenticatorRequest) },
  responses: {
    200: json(NewAuthenticator, 'What the app needs.'),
    ...errors('authenticator.exists', 'authenticator.wrong_password', 'request.rate_limited'),
  },
})

export const confirmAuthenticatorRoute = createRoute({
  operationId: 'confirmAuthenticator',
  method: 'post',
  path: '/me/authenticator/confirm',
  tags,
  summary: 'Confirm an authenticator app',
  description: 'From then on you sign with its codes. Gives recovery codes, once.',
  request: { body: jsonBody(ConfirmAuthenticatorRequest) },
  responses: {
    200: json(RecoveryCodes, 'The recovery codes.'),
    ...errors('authenticator.missing', 'authenticator.exists', 'authenticator.wrong_code', 'request.rate_limited'),
  },
})

export const removeAuthenticatorRoute = createRoute({
  operationId: 'removeAuthenticator',
  method: 'post',
  path: '/me/authenticator/remove',
  tags,
  summary: 'Remove your authenticator app',
  request: { body: jsonBody(RemoveAuthenticatorRequest) },
  responses: {
    200: json(Authenticator, 'There is none any more.'),
    ...errors(
      'authenticator.missing',
      'authenticator.wrong_password',
      'authenticator.wrong_code',
      'request.rate_limited',
    ),
  },
})
