import { z } from 'zod'
import { field } from '../params/field.ts'

/** The name of a field that is made, or names joined by dots. */
export const fieldName = () =>
  z
    .string()
    .regex(/^[^.\s[\]{}]{1,80}(?:\.[^.\s[\]{}]{1,80}){0,9}$/, 'must be a name, or names joined by dots')
    .refine(
      (name) => !name.split('.').some((part) => ['__proto__', 'constructor', 'prototype'].includes(part)),
      'is a reserved word',
    )
    .meta(field({ title: 'Name', control: 'text', placeholder: 'customer.email' }))
