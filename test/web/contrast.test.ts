import { readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'

// Reads the tokens as they are shipped and measures every pair in which words stand on a surface (WCAG 2.2, 1.4.3:
// at least 4.5 to 1) and every pair in which a line alone says where a control is (1.4.11: at least 3 to 1).

const css = readFileSync(new URL('../../web/src/lib/ui/tokens.css', import.meta.url), 'utf8')
const colours = new Map(
  [...css.matchAll(/--([\w-]+): light-dark\((#[0-9a-f]{6}), (#[0-9a-f]{6})\);/g)].map(([, name, light, dark]) => [
    name!,
    { light: light!, dark: dark! },
  ]),
)

function colour(name: string, theme: 'light' | 'dark'): string {
  const found = colours.get(name)
  if (found === undefined) throw new Error(`tokens.css has no colour --${name}`)
  return found[theme]
}

function luminance(hex: string): number {
  const [red = 0, green = 0, blue = 0] = [1, 3, 5]
    .map((at) => Number.parseInt(hex.slice(at, at + 2), 16) / 255)
    .map((channel) => (channel <= 0.04045 ? channel / 12.92 : ((channel + 0.055) / 1.055) ** 2.4))
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue
}

function contrast(one: string, other: string): number {
  const [darker = 0, lighter = 0] = [luminance(one), luminance(other)].sort((a, b) => a - b)
  return (lighter + 0.05) / (darker + 0.05)
}

const surfaces = ['color-bg', 'color-surface', 'color-raised', 'color-hover']
const words = ['text', 'muted', 'accent', 'accent-strong', 'ok', 'running', 'waiting', 'failed'].map(
  (w) => `color-${w}`,
)
const families = ['flow', 'people', 'message', 'record', 'data', 'code', 'service'].map((family) => `family-${family}`)

const textPairs: [string, string][] = [
  ...[...words, ...families].flatMap((word) => surfaces.map((surface): [string, string] => [word, surface])),
  ['color-on-accent', 'color-accent'],
  ['color-on-accent', 'color-accent-strong'],
  ['color-on-failed', 'color-failed'],
  ['color-on-failed', 'color-failed-strong'],
  ...['accent', 'ok', 'running', 'waiting', 'failed'].flatMap((tone): [string, string][] => [
    [`color-${tone}`, `color-${tone}-soft`],
    ['color-text', `color-${tone}-soft`],
    ['color-muted', `color-${tone}-soft`],
  ]),
]

describe.each(['light', 'dark'] as const)('in the %s theme', (theme) => {
  test.each(textPairs)('%s can be read on %s', (word, surface) => {
    expect(contrast(colour(word, theme), colour(surface, theme))).toBeGreaterThanOrEqual(4.5)
  })

  test.each(surfaces)('the edge of a field can be seen on %s', (surface) => {
    expect(contrast(colour('color-line-strong', theme), colour(surface, theme))).toBeGreaterThanOrEqual(3)
  })
})

test('the measure agrees with the known extremes', () => {
  expect(contrast('#000000', '#ffffff')).toBeCloseTo(21, 5)
  expect(contrast('#777777', '#ffffff')).toBeCloseTo(4.48, 2)
})
