import { Hono } from 'hono'
import { appError } from '../../lib/app-error.ts'
import { sha256 } from '../../lib/digest.ts'
import { directory } from '../../store/directory.ts'
import { admitMember } from '../../tenancy/scope.ts'
import { seedDemo, type DemoNeeds } from '../../usecases/demo/seed-demo.ts'
import { answer } from '../envelope.ts'
import { createContext } from '../create-context.ts'
import type { ApiContext, ApiEnv } from '../env.ts'

/**
 * Seeds the demo organization for the server that started this installation, which alone knows the token. Where no
 * token is set there is nothing at this address, and it is in no document.
 */
export const setupApi = new Hono<ApiEnv>().post('/api/v2/setup/demo', async (c) => {
  const { setupToken } = c.var.backend
  if (setupToken === undefined || setupToken === '') throw appError('request.not_found')
  const given = c.req.header('x-leat-setup-token') ?? ''
  if (!isEqual(given, setupToken)) throw appError('request.not_found')
  return answer(c, await seedDemo(await needsOf(c)), 200)
})

async function needsOf(c: ApiContext): Promise<DemoNeeds> {
  const { auth, db, vault } = c.var.backend
  const people = directory(db)
  return {
    secret: await vault.deriveSecret('demo'),
    findUser: (email) => people.findUserByEmail(email),
    signUp: (user) => auth.signUp(user),
    async contextOf(userId) {
      const member = await people.findMember(userId, null)
      if (member === undefined) throw appError('auth.no_organization')
      return createContext(c, admitMember(member), member)
    },
  }
}

/** In time that does not depend on where two texts differ: their hashes are compared, and those nobody can steer. */
function isEqual(left: string, right: string): boolean {
  const [a, b] = [sha256(left), sha256(right)]
  let difference = 0
  for (let index = 0; index < a.length; index++) difference |= a[index]! ^ b[index]!
  return difference === 0
}
