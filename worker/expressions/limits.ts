/**
 * What an expression may cost. Everything beyond is `expression.limit_exceeded`, never a truncation.
 *
 * Fuel pays for work: one unit for each visited part of the expression, one for each 4 items and each 256 characters
 * a function reads or produces, one for each 256 steps of a pattern, and one for each
 * 65,536 steps that a search for a text may take. Counting instead of timing makes the limit
 * the same on every machine.
 */
export const limits = {
  /** Characters between `{{` and `}}`. */
  sourceLength: 4_096,
  /** Parts (literals, names, operators, calls …) of one expression. */
  nodes: 500,
  /** Levels of nesting of one expression. Long chains of `.`, `+` or `&&` are one level. */
  depth: 32,
  /** Expressions in one template. */
  expressions: 200,
  /** Work of one evaluation of one expression, unless the caller gives another figure. */
  fuel: 10_000,
  /** Work of all comparisons of one group of conditions. */
  conditionFuel: 100_000,
  /** Bytes of JSON (UTF-8) that one template may give. */
  outputBytes: 256 * 1_024,
  /** Characters of any text made on the way. */
  textLength: 256 * 1_024,
  /** Levels of nesting of any value made on the way. */
  valueDepth: 64,
  /** Characters of a pattern for text search. */
  patternLength: 1_000,
  /** Characters of the text a pattern is applied to. */
  patternSubjectLength: 64 * 1_024,
  /** Compiled size of a pattern times the length of the text it is applied to. */
  patternWork: 2_000_000,
} as const
