/** Room around everything when the canvas shows all of it: at the right for the buttons behind the last steps, and for a panel. */
export const fitPadding = (coveredRight = 0) =>
  ({ top: '10%', right: `${coveredRight + 88}px`, bottom: '12%', left: '40px' }) as const
