import { rateLimitStore } from '../../store/rate-limits.ts'
import { clientAddress } from '../client-address.ts'
import type { ApiContext } from '../env.ts'
import { countAttempt } from './sign-in-limits.ts'

/** How an admitted caller proves once more who they are. What is wrong is counted, per account and per address. */
export interface Proves {
  /** Wrong ones are counted with those of the sign-in: nobody guesses a password here instead. */
  isPassword(text: string): Promise<boolean>
  /** Counts an attempt at a code; what it gives takes it back. */
  count(): Promise<() => Promise<void>>
}

export function provesOf(c: ApiContext): Proves {
  const { auth, db, now } = c.var.backend
  const { member, scope } = c.var.context
  const address = clientAddress(c)
  const count = (account: string) => countAttempt(rateLimitStore(db), { account, address }, now().getTime())
  return {
    async isPassword(text) {
      const takeBack = await count(member.email)
      const isRight = await auth.verifyPassword(c.req.raw, text)
      if (isRight) await takeBack()
      return isRight
    },
    count: () => count(`code|${scope.userId}`),
  }
}
