import { expect, test } from 'vitest'
import { offerCommands, offeredGroups } from '#lib/ui/offered-commands.svelte.ts'

const group = (heading: string) => ({ heading, commands: [] })
const headings = () => offeredGroups().map(({ heading }) => heading)

test('what the innermost page offers comes first, and goes with the page', () => {
  const outer = offerCommands(() => group('outer'))
  const inner = offerCommands(() => group('inner'))
  expect(headings()).toEqual(['inner', 'outer'])
  inner()
  expect(headings()).toEqual(['outer'])
  outer()
  expect(headings()).toEqual([])
})
