import type { JsonObject } from '../contract/json.ts'
import { unreachable } from '../lib/unreachable.ts'
import type { CompiledPart } from './compile/compile.ts'
import { fillText, fillWhole, placed, type Fill, type Path } from './fill.ts'
import { readFilled, readQuoted, readShape, type JsonShape, type Pieces } from './json-text.ts'

/** JSON as text. Where its shape is not known before it is filled in, what came out is read, and refused if it is none. */
export function fillJsonText(pieces: Pieces, at: Path): Fill {
  const shape = readShape(pieces)
  return shape === null ? fillThenRead(pieces, at) : fillShape(shape, at)
}

function fillShape(shape: JsonShape, at: Path): Fill {
  switch (shape.kind) {
    case 'constant':
      return () => shape.value
    case 'quoted':
      return fillText(shape.pieces, at, readQuoted)
    case 'bare':
      return fillBare(shape.pieces, at)
    case 'list': {
      const items = shape.items.map((item) => fillShape(item, at))
      return (...args) => items.map((fill) => fill(...args))
    }
    case 'object': {
      const entries = shape.entries.map(({ key, value }) => ({ key: fillShape(key, at), value: fillShape(value, at) }))
      return (...args) => {
        const filled: JsonObject = {}
        for (const { key, value } of entries) {
          const name = String(key(...args))
          if (name !== '__proto__') filled[name] = value(...args)
        }
        return filled
      }
    }
    default:
      return unreachable(shape)
  }
}

/** What stands without quotes: the value that an expression gives, or what the text writes. */
function fillBare(pieces: Pieces, at: Path): Fill {
  const [first] = pieces
  if (pieces.length !== 1 || typeof first !== 'object') return fillThenRead(pieces, at)
  const fill = fillWhole(first, at)
  return (...args) => {
    const value = fill(...args)
    return typeof value === 'string' ? placing(first, at, () => readFilled(value)) : value
  }
}

function fillThenRead(pieces: Pieces, at: Path): Fill {
  const fill = fillText(pieces, at)
  const part = pieces.find((piece) => typeof piece !== 'string')
  return (...args) => {
    const text = fill(...args)
    return part === undefined ? text : placing(part, at, () => readFilled(text))
  }
}

function placing<Result>(part: CompiledPart, at: Path, work: () => Result): Result {
  try {
    return work()
  } catch (error) {
    throw placed(error, part, at)
  }
}
