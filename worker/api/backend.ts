import { ShortMemory } from '../lib/short-memory.ts'
import type { Database } from '../store/database.ts'
import type { Context, NodeCatalogue } from '../usecases/context.ts'
import type { ApprovalRuntime } from '../usecases/approvals/ports.ts'
import type { ContactRuntime } from '../usecases/contacts/ports.ts'
import type { GateRuntime } from '../usecases/execution-limit/ports.ts'
import type { OutboundRuntime } from '../usecases/outbound/ports.ts'
import type { TapRuntime } from '../usecases/taps/ports.ts'
import type { Vault } from '../vault/index.ts'
import type { ExecutionRuntime } from '../usecases/ports.ts'
import { createAuth, type Auth, type DerivesSecrets } from './auth/create-auth.ts'
import { readAddressHeader } from '../lib/address-header.ts'
import { createKeyring, type Keyring } from './auth/keyring.ts'

/** What the API stands on. `index.ts` hands over the real ones, tests what they need. */
export interface BackendParts {
  db: Database
  logs: Database
  runtime: ExecutionRuntime
  contactRuntime: ContactRuntime
  approvalRuntime: ApprovalRuntime
  outboundRuntime: OutboundRuntime
  gateRuntime: GateRuntime
  tapRuntime: TapRuntime
  nodes: NodeCatalogue
  /** Seals hooks' secrets, and derives the keys that sessions and the demo need. */
  vault: Context['vault'] & DerivesSecrets & Pick<Vault, 'openApproval' | 'openCause' | 'deriveKey'>
  /** Lets whoever knows it seed the demo organization; nobody can when it is not set. */
  setupToken: string | undefined
  /** `LEAT_ADDRESS_HEADER`: the header that says where a request comes from. Cloudflare's when absent, none when empty. */
  addressHeader?: string | undefined
  now?: () => Date
}

/** How long it is remembered what a version's executions teach: a page that watches one asks every few seconds. */
const yardsticksMs = 30_000

/** The parts, and what the API keeps between requests: only what was proved or can be found again, and for seconds. */
export interface Backend extends BackendParts {
  auth: Auth
  keyring: Keyring
  yardsticks: Context['yardsticks']
  now: () => Date
  /** In lower case; undefined where nobody says where requests come from. */
  addressHeader: string | undefined
}

/** Puts a backend together. Cheap; keep one for as long as the isolate lives. */
export function createBackend(parts: BackendParts): Backend {
  const now = parts.now ?? (() => new Date())
  return {
    ...parts,
    now,
    addressHeader: readAddressHeader(parts.addressHeader),
    auth: createAuth({ db: parts.db, vault: parts.vault, now }),
    keyring: createKeyring({ db: parts.db, now }),
    yardsticks: new ShortMemory(yardsticksMs, () => now().getTime()),
  }
}
