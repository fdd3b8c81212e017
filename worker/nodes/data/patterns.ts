/** What people take out of texts, as patterns that find each occurrence. Found is the form, not what exists. */
export const extracting = {
  emails: '[a-z0-9._%+-]+@[a-z0-9-]+(?:\\.[a-z0-9-]+)+',
  urls: 'https?://[^\\s<>"\')\\]]*[^\\s<>"\')\\].,;:!?]',
  numbers: '-?(?:\\d{1,3}(?:,\\d{3})+|\\d+)(?:\\.\\d+)?',
  phones: '(?:\\+|\\b)\\(?\\d[\\d ().\\/-]{5,18}\\d\\b',
} as const

/** A pattern that matches a text letter for letter. */
export function literalPattern(text: string): string {
  return text.replace(/[\\^$.*+?()[\]{}|]/g, '\\$&')
}
