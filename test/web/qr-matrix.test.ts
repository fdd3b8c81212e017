import fc from 'fast-check'
import { expect, test } from 'vitest'
import { correctionOf, formatWord, qrMatrix, versionWord } from '../../web/src/lib/ui/qr-matrix.ts'

// Figures of ISO/IEC 18004: annex I's symbol of version 1-M, and the tables of format and version information.

test('correction bytes are those of the standard’s example', () => {
  const data = [16, 32, 12, 86, 97, 128, 236, 17, 236, 17, 236, 17, 236, 17, 236, 17]
  expect(correctionOf(data, 10)).toEqual([165, 36, 212, 193, 237, 54, 199, 135, 44, 85])
})

test('format and version are written as in the standard’s tables', () => {
  const formats = ['101010000010010', '101000100100101', '101111001111100', '101101101001011']
  expect(formats.map((_, mask) => formatWord(mask).toString(2))).toEqual(formats)
  expect(versionWord(7).toString(2).padStart(18, '0')).toBe('000111110010010100')
  expect(versionWord(10).toString(2).padStart(18, '0')).toBe('001010010011010011')
})

test('any text that fits is read back, and its three corners are where a camera looks for them', () => {
  fc.assert(
    fc.property(fc.uint8Array({ minLength: 1, maxLength: 210 }), (bytes) => {
      const text = String.fromCharCode(...bytes.map((byte) => 33 + (byte % 94)))
      const matrix = qrMatrix(text)
      expect(matrix.every((row) => row.length === matrix.length)).toBe(true)
      const corner = (top: number, left: number) =>
        matrix.slice(top, top + 7).map((row) =>
          row
            .slice(left, left + 7)
            .map((dark) => (dark ? '#' : '.'))
            .join(''),
        )
      const end = matrix.length - 7
      for (const [top, left] of [
        [0, 0],
        [0, end],
        [end, 0],
      ] as const) {
        expect(corner(top, left)).toEqual(['#######', '#.....#', '#.###.#', '#.###.#', '#.###.#', '#.....#', '#######'])
      }
      expect(read(matrix)).toBe(text)
    }),
    { numRuns: 100 },
  )
})

test('what is too long is refused', () => {
  expect(() => qrMatrix('x'.repeat(214))).toThrow(RangeError)
  expect(qrMatrix('x'.repeat(213))).toHaveLength(57)
  expect(qrMatrix('x')).toHaveLength(21)
})

/** Blocks by size of the symbol, level M: how many data bytes each has. */
const blocks: Record<number, number[]> = {
  21: [16],
  25: [28],
  29: [44],
  33: [32, 32],
  37: [43, 43],
  41: [27, 27, 27, 27],
  45: [31, 31, 31, 31],
  49: [38, 38, 39, 39],
  53: [36, 36, 36, 37, 37],
  57: [43, 43, 43, 43, 44],
}

/** A reader of our own that knows where no data is, undoes the mask that the format names, and unweaves the blocks. */
function read(matrix: boolean[][]): string {
  const size = matrix.length
  const version = (size - 17) / 4
  const at = (row: number, column: number) => matrix[row]?.[column] === true
  let format = 0
  for (let index = 0; index < 8; index++) format |= Number(at(8, size - 1 - index)) << index
  for (let index = 8; index < 15; index++) format |= Number(at(size - 15 + index, 8)) << index
  const mask = (format ^ 0x5412) >> 10
  expect(formatWord(mask)).toBe(format)
  const step = version === 1 ? 0 : (size - 13) / (version < 7 ? 1 : 2)
  const centres = version === 1 ? [] : version < 7 ? [6, 6 + step] : [6, 6 + step, 6 + 2 * step]
  const isFunction = (row: number, column: number) =>
    row === 6 ||
    column === 6 ||
    (row < 9 && (column < 9 || column >= size - 8)) ||
    (row >= size - 8 && column < 9) ||
    (version >= 7 && ((row < 6 && column >= size - 11) || (column < 6 && row >= size - 11))) ||
    centres.some((y) =>
      centres.some((x) => {
        const isCorner = (y === 6 && x === 6) || (y === 6 && x > size - 9) || (x === 6 && y > size - 9)
        return !isCorner && Math.abs(row - y) < 3 && Math.abs(column - x) < 3
      }),
    )
  const isMasked = [
    (y: number, x: number) => (y + x) % 2 === 0,
    (y: number) => y % 2 === 0,
    (_: number, x: number) => x % 3 === 0,
    (y: number, x: number) => (y + x) % 3 === 0,
    (y: number, x: number) => ((y >> 1) + Math.floor(x / 3)) % 2 === 0,
    (y: number, x: number) => ((y * x) % 2) + ((y * x) % 3) === 0,
    (y: number, x: number) => (((y * x) % 2) + ((y * x) % 3)) % 2 === 0,
    (y: number, x: number) => (((y + x) % 2) + ((y * x) % 3)) % 2 === 0,
  ][mask]!
  let bits = ''
  let up = true
  for (const right of Array.from(
    { length: (size - 1) / 2 },
    (_, index) => size - 1 - 2 * index - (size - 1 - 2 * index <= 6 ? 1 : 0),
  )) {
    for (let index = 0; index < size; index++) {
      const row = up ? size - 1 - index : index
      for (const column of [right, right - 1]) {
        if (!isFunction(row, column)) bits += at(row, column) !== isMasked(row, column) ? '1' : '0'
      }
    }
    up = !up
  }
  const bytes = bits.match(/.{8}/g)!.map((byte) => Number.parseInt(byte, 2))
  const sizes = blocks[size]!
  const taken: number[][] = sizes.map(() => [])
  let next = 0
  for (let round = 0; round < Math.max(...sizes); round++) {
    for (const [index, length] of sizes.entries()) if (round < length) taken[index]!.push(bytes[next++]!)
  }
  const data = taken
    .flat()
    .map((byte) => byte.toString(2).padStart(8, '0'))
    .join('')
  expect(data.slice(0, 4)).toBe('0100')
  const header = version < 10 ? 8 : 16
  const length = Number.parseInt(data.slice(4, 4 + header), 2)
  return Array.from({ length }, (_, index) =>
    String.fromCharCode(Number.parseInt(data.slice(4 + header + index * 8, 12 + header + index * 8), 2)),
  ).join('')
}
