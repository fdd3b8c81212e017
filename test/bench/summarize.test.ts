import { expect, test } from 'vitest'
import { summarize, type CpuProfile } from '../../scripts/bench/profile/summarize.ts'

const modules = new Map([
  [
    'index.js',
    ['var x', '// worker/api/app.ts', '', '// worker/engine/advance.ts', 'function advance() {}'].join('\n'),
  ],
  ['chunk.js', ['var x', '// node_modules/zod/v4/core/parse.js', 'function parse() {}'].join('\n')],
])

function node(id: number, functionName: string, lineNumber: number, children: number[] = [], url = 'leat/index.js') {
  return { id, callFrame: { functionName, url, lineNumber }, children }
}

test('time goes to the source a function came from, and up to all who called it', () => {
  const profile: CpuProfile = {
    nodes: [
      node(1, '(root)', -1, [2, 5], ''),
      node(2, 'advance', 4, [3]),
      node(3, 'parse', 2, [4], 'leat/chunk.js'),
      node(4, 'advance', 4),
      node(5, '(idle)', -1, [], ''),
    ],
    samples: [2, 3, 4, 5],
    timeDeltas: [10, 20, 30, 40],
  }
  const { places, functions, inclusive } = summarize(profile, modules)
  expect(places).toEqual([
    { name: 'worker/engine', share: 0.4 },
    { name: '(idle)', share: 0.4 },
    { name: 'zod', share: 0.2 },
  ])
  expect(functions[0]).toEqual({ name: 'advance  worker/engine/advance.ts', share: 0.4 })
  // Called by itself once more, it is counted once.
  expect(inclusive.slice(0, 2)).toEqual([
    { name: '(root)', share: 1 },
    { name: 'advance  worker/engine/advance.ts', share: 0.6 },
  ])
})
