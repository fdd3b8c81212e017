import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { root } from '../../scripts/paths.ts'
import { countOf } from '../../scripts/prove/mutants/apply.ts'
import { mutants } from '../../scripts/prove/mutants/mutants.ts'

test('each has a name of its own', () => {
  expect(new Set(mutants.map(({ name }) => name)).size).toBe(mutants.length)
})

describe.each(mutants)('$name', ({ edits, caughtBy }) => {
  test.each(edits)('has its place in $file, once, and changes it', ({ file, anchor, becomes }) => {
    expect(countOf(readFileSync(join(root, file), 'utf8'), anchor)).toBe(1)
    expect(becomes).not.toBe(anchor)
  })

  test('is looked for by something that is there', () => {
    expect(caughtBy.startsWith('simulation') || existsSync(join(root, caughtBy))).toBe(true)
  })
})
