import type { Scope } from '../tenancy/scope.ts'
import { approvalStore } from './approvals.ts'
import { apiKeyStore } from './api-keys.ts'
import { contactLimitStore } from './contact-limits.ts'
import { contactFieldStore } from './contact-fields.ts'
import { contactStore } from './contacts.ts'
import { actorOf, auditStore, recordDeed, type Deed } from './audit.ts'
import { authenticatorStore } from './authenticators.ts'
import { calendarStore } from './calendars.ts'
import type { Database } from './database.ts'
import { defaultsStore } from './defaults.ts'
import { deadLetterStore } from './dead-letters.ts'
import { enrolmentStore } from './enrolments.ts'
import { addEventWaits, type EventWait } from './event-waits.ts'
import { executionLimitStore } from './execution-limit.ts'
import { executionStore } from './executions.ts'
import { forkStore } from './forks.ts'
import { hookStore } from './hooks.ts'
import { invitationStore } from './invitations.ts'
import { memberStore } from './members.ts'
import { teamStore } from './teams.ts'
import { variableStore } from './variables.ts'
import { outboundStore } from './outbound.ts'
import { versionStore } from './versions.ts'
import { workflowStore } from './workflows.ts'

/** Everything stored in the caller's organization, as the caller may see it. `requestId` goes into the audit. */
export function openStores(
  { db, logs }: { db: Database; logs: Database },
  scope: Scope,
  requestId: string | null = null,
) {
  const actor = actorOf(scope, requestId)
  const workflows = workflowStore(db, scope, actor)
  return {
    /** The caller as the audit names them. */
    actor,
    workflows,
    versions: versionStore(db, scope, actor),
    hooks: hookStore(db, scope, actor),
    forks: forkStore(db, scope, actor),
    approvals: approvalStore(db, scope),
    authenticators: authenticatorStore(db, scope, actor),
    calendars: calendarStore(db, scope, actor),
    defaults: defaultsStore(db, scope, actor),
    executionLimit: executionLimitStore(db, scope, actor),
    members: memberStore(db, scope, actor),
    teams: teamStore(db, scope, actor),
    invitations: invitationStore(db, scope, actor),
    variables: variableStore(db, scope, actor),
    outbound: outboundStore(db, scope, actor),
    apiKeys: apiKeyStore(db, scope, actor),
    contacts: contactStore(db, scope),
    contactFields: contactFieldStore(db, scope, actor),
    contactLimits: contactLimitStore(db, scope, actor),
    audit: auditStore(db, scope),
    /** Executions of the workflows that the caller sees, and of no other. */
    async executions() {
      return executionStore(logs, scope, await workflows.visibleIds())
    },
    /** What was given up of the workflows that the caller sees; of no workflow, for those who see everything. */
    async deadLetters() {
      return deadLetterStore(logs, scope, await workflows.visibleIds())
    },
    /** Enrolments in the workflows that the caller sees, and in no other. */
    async enrolments() {
      return enrolmentStore(logs, scope, await workflows.visibleIds())
    },
    /** Notes which events executions may wait for from now on. */
    noteEventWaits: (waits: readonly EventWait[]) => addEventWaits(db, scope.organizationId, waits),
    /** Puts a deed that changes nothing here into the audit. */
    recordDeed: (deed: Deed) => recordDeed(db, actor, deed),
  }
}

export type Stores = ReturnType<typeof openStores>
