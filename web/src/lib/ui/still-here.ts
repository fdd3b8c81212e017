import { onDestroy } from 'svelte'

/**
 * Tells whether the component that is being made is still on the page. For what comes late: a dialog that somebody left
 * while its answer was on the way closes nothing and leads nowhere, for another one may be open by then.
 */
export function stillHere(): () => boolean {
  let isHere = true
  onDestroy(() => (isHere = false))
  return () => isHere
}
