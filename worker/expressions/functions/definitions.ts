import { dateFunctions } from './date-functions.ts'
import type { Definition } from './define.ts'
import { encodingMethods } from './encoding-methods.ts'
import { generalFunctions } from './general-functions.ts'
import { listFigures } from './list-figures.ts'
import { listLoops } from './list-loops.ts'
import { listParts } from './list-parts.ts'
import { numberFunctions } from './number-functions.ts'
import { objectMethods } from './object-methods.ts'
import { patternMethods } from './pattern-methods.ts'
import { textMethods } from './text-methods.ts'

/** Every function and method of the expression language, in the order in which the reference shows them. */
export const definitions: readonly Definition[] = [
  ...generalFunctions,
  ...textMethods,
  ...patternMethods,
  ...encodingMethods,
  ...numberFunctions,
  ...dateFunctions,
  ...listLoops,
  ...listParts,
  ...listFigures,
  ...objectMethods,
]
