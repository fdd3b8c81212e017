import { OpenAPIHono } from '@hono/zod-openapi'
import type { z } from 'zod'
import { preciseIssues } from '../contract/precise-issues.ts'
import { appError } from '../lib/app-error.ts'
import type { Api, ApiEnv } from './env.ts'

/** An empty API whose requests, when they fail their schema, are refused in the one shape of all errors. */
export function createApi(): Api {
  return new OpenAPIHono<ApiEnv>({
    defaultHook: (result) => {
      if (!result.success) throw appError('request.invalid', { details: { problems: problemsOf(result.error) } })
    },
  })
}

/** Where in the request something is wrong, and what. The path is that of the value, such as `graph.nodes.2.id`. */
export function problemsOf(error: z.core.$ZodError): { path: string; message: string }[] {
  return preciseIssues(error.issues).flatMap((issue) => {
    if (issue.code !== 'unrecognized_keys') return [{ path: issue.path.join('.'), message: issue.message }]
    return issue.keys.map((key) => ({ path: [...issue.path, key].join('.'), message: 'is not known here' }))
  })
}
