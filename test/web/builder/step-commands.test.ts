import { expect, test } from 'vitest'
import { noteCommands, stepCommands } from '../../../web/src/lib/builder/shortcuts/step-commands.ts'
import { nodeTypeLookup } from '../../../web/src/lib/graph/model/ports.ts'
import { makeGraph, makeNodeType, makeNote } from './support.ts'

const lookup = nodeTypeLookup([
  makeNodeType({ type: 'http.request', title: 'HTTP request', summary: '{method} {url}' }),
])

test('each step is found by its name, its id, its kind and what it does, and gone to', () => {
  const graph = makeGraph('enrich > later', {
    enrich: { name: 'Ask the register', params: { method: 'GET', url: 'https://register.example' } },
    later: { type: 'gone.away', name: 'From a newer release' },
  })
  const gone: string[] = []
  const { commands } = stepCommands({ graph, lookup, names: new Map() }, (id) => void gone.push(id))
  expect(commands).toMatchObject([
    {
      id: 'enrich',
      label: 'Ask the register',
      detail: 'GET https://register.example',
      keywords: ['enrich', 'HTTP request', 'GET https://register.example'],
    },
    { id: 'later', label: 'From a newer release', detail: 'gone.away' },
  ])
  commands[1]?.run()
  expect(gone).toEqual(['later'])
})

test('each note is found by all it says, called by how it begins, and gone to', () => {
  const text = `${'Ask the register '.repeat(6)}\nbefore noon`
  const gone: string[] = []
  const { commands } = noteCommands({ ...makeGraph('a'), notes: [makeNote('n', { text })] }, (id) => void gone.push(id))
  expect(commands).toMatchObject([
    { id: 'n', label: expect.stringMatching(/^Ask the register .*…$/), keywords: [text] },
  ])
  expect([...commands[0]!.label].length).toBeLessThanOrEqual(60)
  commands[0]?.run()
  expect(gone).toEqual(['n'])
})
