import type { ApprovalContent } from '../contract/approval.ts'
import { canonicalJson } from '../lib/canonical-json.ts'
import { sha256Hex } from '../lib/digest.ts'

/** SHA-256 of what is shown, in hexadecimal: equal contents have equal hashes. */
export function contentHash(content: ApprovalContent): string {
  return sha256Hex('leat/approval/v1\n', canonicalJson(content))
}
