/** Bytes of text in a row: a row holds 2 MB, where a server for one machine would take more. */
export const mostRowBytes = 1_990_000

/** Whether a row holds the text. A character takes three bytes at most, so short texts need not be measured. */
export function fitsRow(text: string): boolean {
  return text.length * 3 <= mostRowBytes || new TextEncoder().encode(text).byteLength <= mostRowBytes
}
