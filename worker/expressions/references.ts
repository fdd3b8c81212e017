import type { TemplateRead } from './template.ts'

/** What a template or condition group reads from the scope. */
export interface References {
  /** Roots: `trigger`, `steps` … */
  roots: string[]
  /** Ids of steps, of `steps.x`. */
  steps: string[]
  /** Names of variables, of `vars.x`. */
  vars: string[]
  /** Whether a step, or a variable, is chosen by a computed name, so that any of them may be read. */
  anyStep: boolean
  anyVar: boolean
  /** Paths as far as they are written out, in dotted form, each once. */
  paths: string[]
}

/** Lists what is read, each once, in the order of its first appearance. */
export function references({ reads }: { readonly reads: readonly TemplateRead[] }): References {
  const named = (root: string): string[] => [
    ...new Set(reads.filter(({ path }) => path[0] === root && path.length > 1).map(({ path }) => String(path[1]))),
  ]
  const unnamed = (root: string): boolean => reads.some(({ path }) => path[0] === root && path.length === 1)
  return {
    roots: [...new Set(reads.map(({ path }) => String(path[0])))],
    steps: named('steps'),
    vars: named('vars'),
    anyStep: unnamed('steps'),
    anyVar: unnamed('vars'),
    paths: [...new Set(reads.map(({ path }) => writePath(path)))],
  }
}

function writePath(path: readonly (string | number)[]): string {
  return path
    .map((key, index) => {
      if (typeof key === 'number') return `[${key}]`
      if (!/^[\p{L}_$][\p{L}\p{N}_$]*$/u.test(key)) return `[${JSON.stringify(key)}]`
      return index === 0 ? key : `.${key}`
    })
    .join('')
}
