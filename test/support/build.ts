import { ensureBuilt } from '../../scripts/build/ensure-built.ts'

/** Before tests that start a server: builds what is out of date. */
export default async function setup(): Promise<void> {
  await ensureBuilt((title) => process.stdout.write(`Building the ${title}…\n`))
}
