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
import { textChanges } from './text-changes.ts'
import { textKinds } from './text-kinds.ts'
import { textParts } from './text-parts.ts'
import { textSpelling } from './text-spelling.ts'

/** Every function and method of the expression language, in the order in which the reference shows them. */
export const definitions: readonly Definition[] = [
  ...generalFunctions,
  ...textSpelling,
  ...textParts,
  ...textChanges,
  ...textKinds,
  ...patternMethods,
  ...encodingMethods,
  ...numberFunctions,
  ...dateFunctions,
  ...listLoops,
  ...listParts,
  ...listFigures,
  ...objectMethods,
]
