import { OpenAPIHono } from '@hono/zod-openapi'
import type { z } from 'zod'
import { describeIssue } from '../contract/describe-issue.ts'
import { preciseIssues } from '../contract/precise-issues.ts'
import { invalidRequest, type RequestProblem } from '../lib/invalid-request.ts'
import { valueAt } from '../lib/value-at.ts'
import type { Api, ApiEnv } from './env.ts'

/** An empty API whose requests, when they fail their schema, are refused in the one shape of all errors. */
export function createApi(): Api {
  return new OpenAPIHono<ApiEnv>({
    defaultHook: (result) => {
      if (!result.success) throw invalidRequest(problemsOf(result.error, given(result)))
    },
  })
}

/**
 * What was given at a path. Where a schema has made several values of one, such as of a list with commas, none of them was
 * given by itself, and none is missing.
 */
function foundAt(value: unknown, path: readonly PropertyKey[]): unknown {
  const parent = valueAt(value, path.slice(0, -1))
  return path.length === 0 || (typeof parent === 'object' && parent !== null) ? valueAt(value, path) : ''
}

/** What was held against the schema. The validator hands it on, and its types do not say so. */
function given(result: object): unknown {
  return 'data' in result ? result.data : undefined
}

/** Where in what was given something is wrong, and what. The path is that of the value, such as `graph.nodes.2.id`. */
export function problemsOf(error: z.core.$ZodError, value: unknown): RequestProblem[] {
  return preciseIssues(error.issues).flatMap((issue) => {
    if (issue.code !== 'unrecognized_keys') {
      return [{ path: issue.path.join('.'), message: describeIssue(issue, foundAt(value, issue.path)) }]
    }
    return issue.keys.map((key) => ({ path: [...issue.path, key].join('.'), message: 'is not known here' }))
  })
}
