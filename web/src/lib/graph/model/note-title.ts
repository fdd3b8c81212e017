import type { GraphNote } from '#contract/graph.ts'

const longest = 60

/** What a note is called where there is room for a line: its first words. */
export function noteTitle({ text }: Pick<GraphNote, 'text'>): string {
  const [line = ''] = text.trim().split('\n')
  if (line === '') return 'Empty'
  const characters = [...line]
  return characters.length <= longest
    ? line
    : `${characters
        .slice(0, longest - 1)
        .join('')
        .trimEnd()}…`
}
