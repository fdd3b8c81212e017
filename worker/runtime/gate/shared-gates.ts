// shared-gates
//
// Which gates the executions of an organization pass because of what its owners, or the installation's, say: none as a
// rule. What the database says is remembered for a moment, and taken for what it was where that is away.

import type { GateKind } from '../../contract/concurrency.ts'
import type { sharedGates } from '../../contract/facts/concurrency.ts'
import type { OrganizationId } from '../../contract/id.ts'
import type { SharedSettings } from '../../concurrency/settings.ts'
import type { GateRef } from '../../engine/event.ts'
import { BoundedMap } from '../../lib/bounded-map.ts'
import { ShortMemory } from '../../lib/short-memory.ts'
import type { RouteStore } from '../../store/routes.ts'

type SharedGate = (typeof sharedGates)[number]

/** How long a limit is taken for what it was, in ms: executions that begin after it feel a change. */
const knownForMs = 5_000
const mostOrganizations = 2_000

/** The limits that the operator of an installation sets. */
export interface InstallationLimits {
  /** How many executions of all organizations together; null is no limit. */
  running: number | null
  /** How many of one organization at the most, whatever that says itself; null is no limit. */
  runningEach: number | null
  /** Of organizations that do not weigh one. */
  weights: Readonly<Record<string, number>>
}

export interface SharedGates {
  /** What an execution that begins now has to pass after its workflow's own gates. Almost always nothing. */
  listFor(organizationId: OrganizationId): Promise<readonly GateRef[]>
  /** The most executions of one organization, whatever that says; null is no limit. */
  readonly mostRunning: number | null
  /** What an organization says now, whatever was remembered. */
  readAgain(organizationId: OrganizationId): Promise<SharedSettings>
  /** How one of them lets through; undefined where it holds nobody back. */
  settingsOf(organizationId: OrganizationId, gate: SharedGate): Promise<SharedSettings | undefined>
}

export function isSharedGate(gate: GateKind): gate is SharedGate {
  return gate === 'organization' || gate === 'installation'
}

export function createSharedGates(
  store: Pick<RouteStore, 'findExecutionLimit'>,
  { running, runningEach, weights }: InstallationLimits,
  now: () => number = Date.now,
): SharedGates {
  const limits = new ShortMemory<SharedSettings>(knownForMs, now)
  const last = new BoundedMap<OrganizationId, SharedSettings>(mostOrganizations)
  const ofInstallation: SharedSettings | undefined =
    running === null ? undefined : { gate: 'installation', limit: running, weights }

  async function readAgain(organizationId: OrganizationId): Promise<SharedSettings> {
    const found = organizationSettings(await store.findExecutionLimit(organizationId), runningEach)
    limits.set(organizationId, found)
    last.set(organizationId, found)
    return found
  }

  async function ofOrganization(organizationId: OrganizationId): Promise<SharedSettings> {
    const known = limits.get(organizationId)
    if (known !== undefined) return known
    try {
      return await readAgain(organizationId)
    } catch (error) {
      console.error({ message: 'limit not read', organizationId, error: String(error) })
      // A database that is away keeps nothing from beginning.
      const before = last.get(organizationId) ?? organizationSettings(undefined, runningEach)
      limits.set(organizationId, before)
      return before
    }
  }

  async function settingsOf(organizationId: OrganizationId, gate: SharedGate): Promise<SharedSettings | undefined> {
    if (gate === 'installation') return ofInstallation
    const settings = await ofOrganization(organizationId)
    return settings.limit === null ? undefined : settings
  }

  return {
    settingsOf,
    readAgain,
    mostRunning: runningEach,
    async listFor(organizationId) {
      const own = await settingsOf(organizationId, 'organization')
      if (own === undefined) return ofInstallation === undefined ? none : [{ gate: 'installation', key: null }]
      const refs: GateRef[] = [{ gate: 'organization', key: null }]
      return ofInstallation === undefined ? refs : [...refs, { gate: 'installation', key: null }]
    },
  }
}

const none: readonly GateRef[] = []

/** What an organization says, as far as the installation lets it. */
export function organizationSettings(
  own: { limit: number | null; revision: number } | undefined,
  most: number | null,
): SharedSettings {
  const { limit = null, revision = 0 } = own ?? {}
  const least = Math.min(limit ?? Infinity, most ?? Infinity)
  return { gate: 'organization', limit: least === Infinity ? null : least, revision }
}

/**
 * What the installation's variables say. Throws for what cannot be meant: a limit that is taken for none would be found
 * out when it is too late.
 */
export function readInstallationLimits(vars: {
  LEAT_MAX_RUNNING?: string
  LEAT_MAX_RUNNING_EACH?: string
  LEAT_WEIGHTS?: string
}): InstallationLimits {
  const weights = Object.fromEntries(
    (vars.LEAT_WEIGHTS ?? '').split(',').flatMap((entry) => {
      if (entry.trim() === '') return []
      const [organization = '', weight = ''] = entry.split('=').map((part) => part.trim())
      if (organization === '' || !/^\d+(\.\d+)?$/.test(weight) || !(Number(weight) > 0)) {
        throw new Error(`LEAT_WEIGHTS: “${entry.trim()}” is not like org_…=2`)
      }
      return [[organization, Number(weight)]]
    }),
  )
  return {
    running: countIn('LEAT_MAX_RUNNING', vars.LEAT_MAX_RUNNING),
    runningEach: countIn('LEAT_MAX_RUNNING_EACH', vars.LEAT_MAX_RUNNING_EACH),
    weights,
  }
}

function countIn(name: string, text = ''): number | null {
  if (text.trim() === '') return null
  const count = Number(text)
  if (!Number.isInteger(count) || count < 1) throw new Error(`${name}: “${text}” is not a number from 1`)
  return count
}
