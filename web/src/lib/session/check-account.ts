export const passwordLength = { least: 10, most: 128 } as const

/** What is wrong with an e-mail address as typed; undefined when it may be one. The server decides. */
export function emailProblem(email: string): string | undefined {
  if (email.trim() === '') return 'Enter your e-mail address.'
  return /^\S+@\S+\.\S+$/.test(email.trim()) ? undefined : 'This is not a complete e-mail address.'
}

/** What is wrong with a new password; undefined when it will do. */
export function newPasswordProblem(password: string): string | undefined {
  if (password.length < passwordLength.least) return `Use at least ${passwordLength.least} characters.`
  return password.length > passwordLength.most ? `Use at most ${passwordLength.most} characters.` : undefined
}
