import { notices } from './notices.svelte.ts'

/** Puts text on the clipboard. False, with a notice that says so, when the browser does not allow it. */
export async function copyText(text: string, what: string): Promise<boolean> {
  try {
    await navigator.clipboard.writeText(text)
    return true
  } catch {
    notices.show({
      tone: 'failed',
      title: `The ${what} was not copied`,
      detail: 'The browser does not let this page write to the clipboard. Select the text and copy it by hand.',
    })
    return false
  }
}
