import { DataFolderInUseError } from './data-folder.ts'
import { SettingError } from './environment.ts'
import { PortInUseError } from './start-server.ts'

/** Says why the server cannot be started, and ends with 1. What people can mend is said without a stack. */
export function giveUp(error: unknown): never {
  const isExpected =
    error instanceof SettingError || error instanceof DataFolderInUseError || error instanceof PortInUseError
  process.stderr.write(`${isExpected ? error.message : error instanceof Error ? error.stack : String(error)}\n`)
  process.exit(1)
}
