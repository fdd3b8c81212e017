/** How long the canvas moves, in ms: not at all for people who want no motion. */
export function calmDuration(ms: number): number {
  return matchMedia('(prefers-reduced-motion: reduce)').matches ? 0 : ms
}
