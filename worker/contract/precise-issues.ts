import type { z } from 'zod'

/**
 * The same issues, with what is wrong in the form that was meant where a value has none of several forms: the one with
 * the fewest mistakes, if it is a form of that kind of value at all. `operator: 'eq'` in a comparison is then said at
 * the operator, and not of everything around it.
 */
export function preciseIssues(issues: readonly z.core.$ZodIssue[]): z.core.$ZodIssue[] {
  return issues.flatMap((issue) => {
    const meant = issue.code === 'invalid_union' ? formMeant(issue.errors) : undefined
    if (meant === undefined) return [issue]
    return preciseIssues(meant).map((inner) => ({ ...inner, path: [...issue.path, ...inner.path] }))
  })
}

function formMeant(forms: readonly z.core.$ZodIssue[][]): z.core.$ZodIssue[] | undefined {
  return forms
    .filter(
      (issues) => issues.length > 0 && issues.every(({ code, path }) => code !== 'invalid_type' || path.length > 0),
    )
    .map((issues) => ({ issues, mistakes: issues.reduce((sum, issue) => sum + mistakesIn(issue), 0) }))
    .reduce<{ issues: z.core.$ZodIssue[]; mistakes: number } | undefined>(
      (best, form) => (best === undefined || form.mistakes < best.mistakes ? form : best),
      undefined,
    )?.issues
}

function mistakesIn(issue: z.core.$ZodIssue): number {
  return issue.code === 'unrecognized_keys' ? issue.keys.length : 1
}
