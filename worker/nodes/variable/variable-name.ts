import { z } from 'zod'
import { field } from '../params/field.ts'

/** The variable that a node changes: `vars.<name>`, written out, so that a draft can be checked against it. */
export const variableName = () =>
  z
    .string()
    .regex(/^[a-zA-Z_][a-zA-Z0-9_]{0,39}$/, 'must begin with a letter and hold letters, digits and _')
    .meta(field({ title: 'Variable', control: 'text', placeholder: 'counter', expressions: false }))

/** What such a node gives: the variable as it is from here on, and as it was. */
export const sampleChange = { value: 2, previous: 1 }
