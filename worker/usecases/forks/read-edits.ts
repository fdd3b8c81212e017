import type { ExecutionEdits } from '../../contract/fork.ts'
import type { Json } from '../../contract/json.ts'
import type { JournalEntry } from '../../engine/event.ts'
import type { EditProblem } from '../../engine/fork/edits.ts'
import { project } from '../../engine/projection.ts'
import { invalidRequest } from '../../lib/invalid-request.ts'
import { unmask } from './unmask.ts'

/** Edits as the engine takes them: what is masked in inputs is what was recorded. Throws `request.invalid`. */
export function readEdits(
  edits: ExecutionEdits | undefined,
  entries: readonly JournalEntry[],
): ExecutionEdits | undefined {
  if (edits?.inputs === undefined) return edits
  const recorded = new Map(project(entries).steps.map(({ path, input }) => [path, input]))
  const problems: EditProblem[] = []
  const inputs: Record<string, Json> = Object.create(null) as Record<string, Json>
  for (const [path, edited] of Object.entries(edits.inputs)) {
    const whole = unmask(edited, recorded.get(path))
    if (whole === null && edited !== null) {
      problems.push({ path: `inputs.${path}`, message: 'has masked headers, which are not sent to another address' })
    } else inputs[path] = whole
  }
  if (problems.length > 0) throw invalidEdits(problems)
  return { ...edits, inputs }
}

/** `request.invalid`, with each problem at its place in `edits`. */
export function invalidEdits(problems: readonly EditProblem[]) {
  return invalidRequest(problems.map(({ path, message }) => ({ path: `edits.${path}`, message })))
}
