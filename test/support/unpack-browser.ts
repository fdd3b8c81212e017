import { unpackBrowser } from './browser.ts'

/** Before tests that start a browser: has it there, so that two files do not unpack it at once. */
export default async function setup(): Promise<void> {
  await unpackBrowser()
}
