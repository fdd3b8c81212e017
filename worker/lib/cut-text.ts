/**
 * A text in parts of at most `most` UTF-16 units (2 or more), in order: together they are the text. Never cuts between the
 * two halves of one character: a half alone is not text, and storage makes another character of it. None of an empty text.
 */
export function cutText(text: string, most: number): string[] {
  const parts: string[] = []
  for (let start = 0; start < text.length;) {
    let end = start + most
    if (end < text.length && isFirstHalf(text.charCodeAt(end - 1))) end -= 1
    parts.push(text.slice(start, end))
    start = end
  }
  return parts
}

function isFirstHalf(unit: number): boolean {
  return unit >= 0xd800 && unit <= 0xdbff
}
