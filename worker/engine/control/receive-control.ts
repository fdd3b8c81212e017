import { unreachable } from '../../lib/unreachable.ts'
import { record, type Turn } from '../turn.ts'
import type { ControlInput } from './control.ts'
import { jump, skipStep } from './leave-step.ts'
import { refusalOf } from './may-control.ts'

/** Does what somebody wishes, where it can be done. */
export function receiveControl(turn: Turn, input: ControlInput): void {
  if (refusalOf(turn, input) !== null) return
  const { at } = turn
  const { by } = input
  switch (input.type) {
    case 'pause':
      return record(turn, { type: 'paused', at, by })
    case 'resume':
      return record(turn, { type: 'resumed', at, by })
    case 'skipStep':
      return skipStep(turn, input.path, by)
    case 'retryStep':
      return record(turn, { type: 'retryRequested', at, by, path: input.path })
    case 'jump':
      return jump(turn, input.path, input.to, by)
    default:
      return unreachable(input)
  }
}
