import { expect, test } from 'vitest'
import { authError } from '#lib/api/auth.ts'
import { emailProblem, newPasswordProblem } from '#lib/session/check-account.ts'

test('a refusal is told in our words, with its code', () => {
  const error = authError(401, { code: 'INVALID_EMAIL_OR_PASSWORD', message: 'Invalid email or password' })
  expect(error).toMatchObject({
    code: 'auth.invalid_email_or_password',
    message: 'E-mail and password do not match. Check both and try again.',
    status: 401,
  })
})

test('too many tries are told as that, whatever else the answer says', () => {
  expect(authError(429, { code: 'INVALID_EMAIL_OR_PASSWORD' }).message).toMatch(/Too many tries/)
})

test('a refusal we have no words for keeps its own, and one without words is still told', () => {
  expect(authError(400, { code: 'NEW_RULE', message: 'Because.' }).message).toBe('Because.')
  expect(authError(500, '<html>').message).toMatch(/Try again in a moment/)
})

test.each([
  ['', 'Enter your e-mail address.'],
  ['ada', 'This is not a complete e-mail address.'],
  ['ada@example', 'This is not a complete e-mail address.'],
  ['ada lovelace@example.com', 'This is not a complete e-mail address.'],
  [' ada@example.com ', undefined],
  ['ada+orders@mail.example.co', undefined],
])('%o as an e-mail address: %s', (email, problem) => {
  expect(emailProblem(email)).toBe(problem)
})

test.each([
  ['123456789', 'Use at least 10 characters.'],
  ['1234567890', undefined],
  ['x'.repeat(128), undefined],
  ['x'.repeat(129), 'Use at most 128 characters.'],
])('a new password of %#: %s', (password, problem) => {
  expect(newPasswordProblem(password)).toBe(problem)
})
