import type { ContactLimits } from '../../contract/contact-limits.ts'
import { requireCapability } from '../../tenancy/scope.ts'
import type { Context } from '../context.ts'

/** How much may happen to one contact over all workflows of the organization. */
export async function getContactLimits({
  scope,
  contactLimits,
}: Pick<Context, 'scope' | 'contactLimits'>): Promise<ContactLimits> {
  requireCapability(scope, 'contact.read')
  return contactLimits.read()
}

/** They hold for events that are consumed from now on. What began before is counted as far as it was counted then. */
export async function setContactLimits(
  { scope, contactLimits, runtime, now }: Pick<Context, 'scope' | 'contactLimits' | 'runtime' | 'now'>,
  limits: ContactLimits,
): Promise<ContactLimits> {
  requireCapability(scope, 'contact_field.manage')
  await contactLimits.write(limits, now())
  await runtime.routesChanged(scope.organizationId)
  return contactLimits.read()
}
