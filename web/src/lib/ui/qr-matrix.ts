// qr-matrix
//
// A text as a QR code (ISO/IEC 18004): bytes, error correction level M, versions 1 to 10, which is up to 213 bytes.
//
//   Q1. Functions patterns first, then data in the zigzag of column pairs, then the mask with the least penalty.
//   Q2. True is a dark module. The quiet zone around it is for whoever draws it.

/** For each version of level M: correction bytes of a block, and the data bytes of each block. */
const blocksOf: readonly { correction: number; data: readonly number[] }[] = [
  { correction: 10, data: [16] },
  { correction: 16, data: [28] },
  { correction: 26, data: [44] },
  { correction: 18, data: [32, 32] },
  { correction: 24, data: [43, 43] },
  { correction: 16, data: [27, 27, 27, 27] },
  { correction: 18, data: [31, 31, 31, 31] },
  { correction: 22, data: [38, 38, 39, 39] },
  { correction: 22, data: [36, 36, 36, 37, 37] },
  { correction: 26, data: [43, 43, 43, 43, 44] },
]
const alignmentOf: readonly (readonly number[])[] = [
  [],
  [6, 18],
  [6, 22],
  [6, 26],
  [6, 30],
  [6, 34],
  [6, 22, 38],
  [6, 24, 42],
  [6, 26, 46],
  [6, 28, 50],
]

const masks: readonly ((row: number, column: number) => boolean)[] = [
  (row, column) => (row + column) % 2 === 0,
  (row) => row % 2 === 0,
  (_, column) => column % 3 === 0,
  (row, column) => (row + column) % 3 === 0,
  (row, column) => (Math.floor(row / 2) + Math.floor(column / 3)) % 2 === 0,
  (row, column) => ((row * column) % 2) + ((row * column) % 3) === 0,
  (row, column) => (((row * column) % 2) + ((row * column) % 3)) % 2 === 0,
  (row, column) => (((row + column) % 2) + ((row * column) % 3)) % 2 === 0,
]

type Matrix = boolean[][]

/** The modules of the smallest code that holds the text (as UTF-8), row by row. Throws `RangeError` for one too long. */
export function qrMatrix(text: string): Matrix {
  const bytes = new TextEncoder().encode(text)
  const version = blocksOf.findIndex(({ data }, index) => bytes.length + headerBytes(index + 1) <= sum(data)) + 1
  if (version === 0) throw new RangeError('too long for a QR code')
  const bits = bitsOf(interleave(dataBytes(bytes, version), version))
  const drawn = masks.map((_, mask) => draw(version, bits, mask))
  const penalties = drawn.map(penaltyOf)
  return drawn[penalties.indexOf(Math.min(...penalties))] ?? []
}

/** Mode and length take 12 bits, or 20 from version 10 on, and the end 4: 2 or 3 bytes. */
function headerBytes(version: number): number {
  return version < 10 ? 2 : 3
}

function dataBytes(bytes: Uint8Array, version: number): number[] {
  const room = sum(blocksOf[version - 1]?.data ?? [])
  const bits = [...binary(4, 4), ...binary(bytes.length, version < 10 ? 8 : 16)]
  for (const byte of bytes) bits.push(...binary(byte, 8))
  bits.push(...binary(0, Math.min(4, room * 8 - bits.length)))
  while (bits.length % 8 !== 0) bits.push(false)
  const data: number[] = []
  for (let at = 0; at < bits.length; at += 8)
    data.push(bits.slice(at, at + 8).reduce((byte, bit) => byte * 2 + Number(bit), 0))
  for (let pad = 0; data.length < room; pad++) data.push(pad % 2 === 0 ? 0xec : 0x11)
  return data
}

/** Data and correction bytes in the order they are drawn: the first of each block, the second of each, and so on. */
function interleave(data: readonly number[], version: number): number[] {
  const { correction, data: sizes } = blocksOf[version - 1] ?? { correction: 0, data: [] }
  let at = 0
  const blocks = sizes.map((size) => data.slice(at, (at += size)))
  const checks = blocks.map((block) => correctionOf(block, correction))
  const across = (lists: readonly (readonly number[])[]) =>
    Array.from({ length: Math.max(...lists.map(({ length }) => length)) }, (_, index) =>
      lists.flatMap((list) => (index < list.length ? [list[index] ?? 0] : [])),
    ).flat()
  return [...across(blocks), ...across(checks)]
}

/** The remainder of the block by the generator polynomial with `count` roots, over GF(256) by 0x11d. */
export function correctionOf(block: readonly number[], count: number): number[] {
  let generator = [1]
  for (let root = 0; root < count; root++) {
    const next = [...generator, 0]
    generator.forEach((factor, index) => (next[index + 1] = (next[index + 1] ?? 0) ^ times(factor, power(root))))
    generator = next
  }
  const rest = [...block, ...Array.from({ length: count }, () => 0)]
  block.forEach((_, at) => {
    const lead = rest[at] ?? 0
    generator.forEach((factor, index) => (rest[at + index] = (rest[at + index] ?? 0) ^ times(factor, lead)))
  })
  return rest.slice(block.length)
}

function times(left: number, right: number): number {
  let product = 0
  for (let bit = 7; bit >= 0; bit--) {
    product = (product << 1) ^ (product & 0x80 ? 0x11d : 0)
    if ((right >> bit) & 1) product ^= left
  }
  return product & 0xff
}

function power(exponent: number): number {
  let value = 1
  for (let step = 0; step < exponent; step++) value = times(value, 2)
  return value
}

function draw(version: number, bits: readonly boolean[], mask: number): Matrix {
  const size = version * 4 + 17
  const matrix: (boolean | undefined)[][] = Array.from({ length: size }, () =>
    Array.from({ length: size }, () => undefined),
  )
  const set = (row: number, column: number, dark: boolean) => {
    const line = matrix[row]
    if (line !== undefined && column >= 0 && column < size) line[column] = dark
  }
  for (let at = 8; at < size - 8; at++) {
    set(6, at, at % 2 === 0)
    set(at, 6, at % 2 === 0)
  }
  for (const [top, left] of [
    [0, 0],
    [0, size - 7],
    [size - 7, 0],
  ] as const) {
    for (let row = -1; row <= 7; row++) {
      for (let column = -1; column <= 7; column++) {
        const ring = Math.max(Math.abs(row - 3), Math.abs(column - 3))
        set(top + row, left + column, ring !== 2 && ring !== 4)
      }
    }
  }
  const centres = alignmentOf[version - 1] ?? []
  const last = centres.at(-1)
  for (const row of centres) {
    for (const column of centres) {
      if ((row === 6 && (column === 6 || column === last)) || (row === last && column === 6)) continue
      for (let down = -2; down <= 2; down++) {
        for (let right = -2; right <= 2; right++) {
          set(row + down, column + right, Math.max(Math.abs(down), Math.abs(right)) !== 1)
        }
      }
    }
  }
  drawFormat(set, size, mask)
  if (version >= 7) drawVersion(set, size, version)
  const isData = masks[mask]
  let next = 0
  for (let right = size - 1; right >= 1; right -= 2) {
    if (right === 6) right = 5
    const goesUp = ((right + 1) & 2) === 0
    for (let step = 0; step < size; step++) {
      const row = goesUp ? size - 1 - step : step
      for (const column of [right, right - 1]) {
        if (matrix[row]?.[column] !== undefined) continue
        set(row, column, (bits[next++] ?? false) !== (isData?.(row, column) ?? false))
      }
    }
  }
  return matrix.map((line) => line.map((module) => module === true))
}

type SetModule = (row: number, column: number, dark: boolean) => void

/** Level M and the mask, twice, with the module that is always dark. */
function drawFormat(set: SetModule, size: number, mask: number): void {
  const word = formatWord(mask)
  const bit = (index: number) => ((word >> index) & 1) === 1
  for (let index = 0; index < 15; index++) {
    const [row, column] = index < 6 ? [index, 8] : index < 8 ? [index + 1, 8] : index === 8 ? [8, 7] : [8, 14 - index]
    set(row, column, bit(index))
    if (index < 8) set(8, size - 1 - index, bit(index))
    else set(size - 15 + index, 8, bit(index))
  }
  set(size - 8, 8, true)
}

function drawVersion(set: SetModule, size: number, version: number): void {
  const word = versionWord(version)
  for (let index = 0; index < 18; index++) {
    const dark = ((word >> index) & 1) === 1
    const near = Math.floor(index / 3)
    const far = size - 11 + (index % 3)
    set(near, far, dark)
    set(far, near, dark)
  }
}

/** 15 bits: level M is 00, then the mask, then their correction; all of it changed by a constant. */
export function formatWord(mask: number): number {
  return ((mask << 10) | remainder(mask << 10, 0x537, 10)) ^ 0x5412
}

/** 18 bits: the version and its correction. */
export function versionWord(version: number): number {
  return (version << 12) | remainder(version << 12, 0x1f25, 12)
}

function remainder(value: number, generator: number, degree: number): number {
  let rest = value
  for (let bit = 31 - Math.clz32(rest || 1); bit >= degree; bit--) {
    if ((rest >> bit) & 1) rest ^= generator << (bit - degree)
  }
  return rest
}

/** How hard a code is to read: long runs, squares, what looks like a corner, and too much of one colour. */
function penaltyOf(matrix: Matrix): number {
  const size = matrix.length
  const lines = [...matrix, ...matrix.map((_, column) => matrix.map((row) => row[column] === true))]
  let penalty = 0
  for (const line of lines) {
    const text = line.map((dark) => (dark ? '1' : '0')).join('')
    for (const [run] of text.matchAll(/1{5,}|0{5,}/g)) penalty += run.length - 2
    penalty += 40 * (text.match(/(?=10111010000|00001011101)/g)?.length ?? 0)
  }
  for (let row = 1; row < size; row++) {
    for (let column = 1; column < size; column++) {
      const dark = matrix[row]?.[column]
      const isSquare = [matrix[row - 1]?.[column], matrix[row]?.[column - 1], matrix[row - 1]?.[column - 1]]
      if (isSquare.every((other) => other === dark)) penalty += 3
    }
  }
  const share = (sum(matrix.map((row) => row.filter(Boolean).length)) / (size * size)) * 100
  return penalty + Math.floor(Math.abs(share - 50) / 5) * 10
}

function bitsOf(bytes: readonly number[]): boolean[] {
  return bytes.flatMap((byte) => binary(byte, 8))
}

function binary(value: number, length: number): boolean[] {
  return Array.from({ length }, (_, index) => ((value >> (length - 1 - index)) & 1) === 1)
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, number) => total + number, 0)
}
