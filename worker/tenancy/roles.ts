import type { Capability, Role, Sight } from '../contract/member.ts'
import { capabilities } from '../contract/facts/member.ts'

interface RoleMeaning {
  capabilities: readonly Capability[]
  /** How far the role sees by itself; a member can be given wider sight, never narrower. */
  sight: Sight
}

const reading = ['workflow.read', 'execution.read', 'member.read'] as const
const operating = [
  ...reading,
  'workflow.execute',
  'execution.read_payload',
  'execution.cancel',
  'execution.control',
  'execution.retry',
  'dead_letter.discard',
  'event.send',
  'contact.read',
  'contact.write',
  'approval.decide',
] as const
const editing = [
  ...operating,
  'execution.fork',
  'execution.migrate',
  'workflow.write',
  'workflow.publish',
  'workflow.archive',
  'api_key.manage',
  'contact.delete',
  'calendar.manage',
  'variable.manage',
] as const

/** What each role may do and see: the single place where a role's name has a meaning. */
const roles: Record<Role, RoleMeaning> = {
  owner: { capabilities, sight: 'organization' },
  admin: {
    capabilities: capabilities.filter((capability) => capability !== 'organization.manage'),
    sight: 'organization',
  },
  editor: { capabilities: editing, sight: 'own' },
  operator: { capabilities: operating, sight: 'own' },
  viewer: { capabilities: [...reading, 'execution.read_payload', 'contact.read'], sight: 'own' },
  /** Sees everything's state and who did what, never the data that flowed. */
  auditor: { capabilities: [...reading, 'audit.read'], sight: 'organization' },
}

/** What a role may do. Ask a `Scope` for a capability, never a role for its name. */
export function capabilitiesOf(role: Role): ReadonlySet<Capability> {
  return new Set(roles[role].capabilities)
}

const sightOrder: readonly Sight[] = ['own', 'team', 'organization']

/** The wider of what the role sees by itself and what the member was given. */
export function sightOf(role: Role, granted: Sight | null): Sight {
  const own = roles[role].sight
  return granted !== null && sightOrder.indexOf(granted) > sightOrder.indexOf(own) ? granted : own
}
