import type { Capability } from '#contract/member.ts'

/** What a permission allows, as a verb phrase. */
export const capabilityWords: Record<Capability, string> = {
  'workflow.read': 'Read workflows',
  'workflow.write': 'Create and change workflows',
  'workflow.publish': 'Publish, activate and pause workflows',
  'workflow.archive': 'Archive and restore workflows',
  'workflow.execute': 'Start workflows',
  'execution.read': 'Read the status of executions',
  'execution.read_payload': 'Read the data of executions',
  'execution.cancel': 'Cancel executions',
  'execution.control': 'Pause and resume executions, skip and retry their steps',
  'execution.retry': 'Retry executions',
  'execution.fork': 'Run executions again from a step, with data of one’s own',
  'execution.migrate': 'Move waiting executions to another version',
  'dead_letter.discard': 'Discard dead letters',
  'event.send': 'Send events',
  'contact.read': 'Read contacts',
  'contact.write': 'Create and change contacts',
  'contact.delete': 'Delete contacts',
  'contact_field.manage': 'Define the fields of contacts',
  'approval.decide': 'Approve or reject what roles are asked',
  'calendar.manage': 'Set business hours and holidays',
  'defaults.manage': 'Set what holds in all workflows',
  'variable.manage': 'Set the variables that all workflows may read',
  'outbound.manage': 'Limit calls to hosts, and call them again',
  'api_key.manage': 'Manage API keys',
  'member.read': 'Read who the members are',
  'member.manage': 'Invite and remove members',
  'organization.manage': 'Change the organization',
  'audit.read': 'Read who did what',
}

/** Sets of permissions that keys are usually made for; each is cut to what its maker may do. */
export const keyPurposes = [
  {
    value: 'start',
    label: 'Start workflows',
    detail: 'For a system that sends events or starts workflows, and reads what came of it.',
    scopes: ['event.send', 'workflow.execute', 'workflow.read', 'execution.read', 'execution.read_payload'],
  },
  {
    value: 'read',
    label: 'Read',
    detail: 'For reports and monitoring. Changes nothing and sees no data of executions.',
    scopes: ['workflow.read', 'execution.read'],
  },
  {
    value: 'deploy',
    label: 'Deploy workflows',
    detail: 'For a pipeline that saves and publishes workflows.',
    scopes: ['workflow.read', 'workflow.write', 'workflow.publish'],
  },
  { value: 'custom', label: 'Something else', detail: 'Choose each permission.', scopes: [] },
] as const satisfies readonly { value: string; label: string; detail: string; scopes: readonly Capability[] }[]

export type KeyPurpose = (typeof keyPurposes)[number]['value']
