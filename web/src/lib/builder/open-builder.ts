import { hookProblems } from '#contract/hook-problems.ts'
import type { Json } from '#contract/json.ts'
import type { NodeType } from '#contract/node-type.ts'
import type { EventTrigger, WebhookTrigger } from '#contract/trigger.ts'
import type { Workflow } from '#contract/workflow.ts'
import { toApiError } from '#lib/api/api-error.ts'
import {
  closeTap,
  getWorkflow,
  openTap,
  saveWorkflow,
  simulateWorkflow,
  testWorkflow,
  waitForTap,
} from '#lib/api/workflows.ts'
import { KnownWorkflows } from '#lib/workflows/known-workflows.svelte.ts'
import { notices } from '#lib/ui/notices.svelte.ts'
import { session } from '#lib/session/current.svelte.ts'
import { Builder } from './builder.svelte.ts'
import { Checks } from './checks/checks.svelte.ts'
import { findProblems } from './checks/find-problems.ts'
import { Draft, type SaveOutcome } from './draft/draft.svelte.ts'
import { type Content, DraftBuffer } from './draft/draft-buffer.ts'
import { settleConflict } from './draft/settle-conflict.ts'
import { Editor } from './editor.svelte.ts'
import { forgetOutside } from './model/load-outside.ts'
import { Simulator } from './simulation/simulator.svelte.ts'
import { Listener } from './testing/listener.svelte.ts'
import { inputFrom, Payloads } from './testing/payloads.svelte.ts'
import { Tester } from './testing/tester.svelte.ts'
import { TestSetup } from './testing/test-setup.svelte.ts'

/** What was found on this device when the builder was opened. */
export type Recovered = 'nothing' | 'unsaved' | 'conflict'

/**
 * Puts a builder together for a workflow as the server has it. Edits of an earlier visit that never reached the server
 * are on the screen again; `recovered` says so.
 */
export function openBuilder(
  workflow: Workflow,
  nodeTypes: readonly NodeType[],
  store: Storage = localStorage,
): { builder: Builder; recovered: Recovered } {
  const { id, revision, graph, name } = workflow
  forgetOutside()
  const buffer = new DraftBuffer(store, session.member.userId, id)
  const canEdit = session.can('workflow.write') && workflow.status !== 'archived'
  const recovery = canEdit ? buffer.recover({ revision, graph, name }) : { kind: 'nothing' as const }

  const editor = new Editor(graph)
  const draft = new Draft({
    saved: { revision, graph, name },
    buffer,
    // The last visit may have ended while they were on their way.
    sentBefore: recovery.kind === 'unsaved' ? [recovery.content] : [],
    save: (basedOn, changes, known) => save(basedOn, changes, known),
  })
  const saveDraft = async () => !canEdit || (await draft.saveNow())
  const payloads = new Payloads(store, id)
  const builder: Builder = new Builder({
    workflow,
    nodeTypes,
    editor,
    draft,
    checks: new Checks(findProblems, () => hookProblems(editor.graph, builder.workflow.hooks)),
    tester: new Tester({ saveDraft, test: (request) => testWorkflow(id, request) }),
    testSetup: new TestSetup(store, id),
    simulator: new Simulator({ saveDraft, simulate: (request) => simulateWorkflow(id, request) }, store, id),
    listener: new Listener({
      saveDraft,
      open: (nodeId) => openTap(id, { kind: heardAs(nodeId), nodeId }),
      wait: (tap, question, signal) => waitForTap(id, tap, question, signal),
      close: (tap) => closeTap(id, tap),
      received,
      sleep: (ms) => new Promise((resolve) => setTimeout(resolve, ms)),
      now: () => Date.now(),
    }),
    payloads,
    store,
    workflows: new KnownWorkflows(),
    canEdit,
    canPublish: session.can('workflow.publish'),
    canExecute: session.can('workflow.execute') && workflow.status !== 'archived',
  })

  /** Under which of the API's collections what comes to a trigger is listened for. */
  function heardAs(nodeId: string): 'hooks' | 'events' {
    return editor.node(nodeId)?.type === 'trigger.event' ? 'events' : 'hooks'
  }

  /** What tests of the trigger begin with from here on. Whoever looks at something else meanwhile is told. */
  function received(nodeId: string, trigger: WebhookTrigger | EventTrigger) {
    const type = heardAs(nodeId) === 'events' ? 'trigger.event' : 'trigger.webhook'
    const input = inputFrom({ type }, trigger as Json)
    payloads.keep(nodeId, JSON.stringify(input, null, 2))
    if (builder.side === 'test') return
    const open = () => {
      builder.testTriggerId = nodeId
      builder.side = 'test'
    }
    notices.show({ tone: 'ok', title: 'An event arrived to test with', action: { label: 'Show it', run: open } })
  }

  async function save(basedOn: number, changes: Partial<Content>, known: readonly Content[]): Promise<SaveOutcome> {
    try {
      const saved = await saveWorkflow(id, basedOn, changes)
      builder.workflow = saved
      return { kind: 'saved', revision: saved.revision }
    } catch (thrown) {
      const outcome = outcomeOf(toApiError(thrown))
      return outcome.kind === 'conflict' ? lookAtTheirs(known) : outcome
    }
  }

  async function lookAtTheirs(known: readonly Content[]): Promise<SaveOutcome> {
    try {
      const theirs = await getWorkflow(id)
      const outcome = settleConflict(theirs, known)
      if (outcome.kind !== 'conflict') builder.workflow = theirs
      return outcome
    } catch {
      return { kind: 'conflict' }
    }
  }

  if (recovery.kind !== 'nothing') builder.restore(recovery.content)
  if (recovery.kind === 'conflict') draft.conflicted()
  return { builder, recovered: recovery.kind }
}

function outcomeOf({ code, status, message }: { code: string; status: number; message: string }): SaveOutcome {
  if (code === 'workflow.conflict') return { kind: 'conflict' }
  const isPassing = status === 0 || status === 408 || status === 429 || status >= 500
  return isPassing ? { kind: 'unanswered' } : { kind: 'refused', reason: message }
}
