import { z } from 'zod'

/**
 * A text of which every store keeps the same. Half of a character that takes two (what is left where somebody cut a text in the
 * middle of an emoji) is no text: a database would keep other marks in its place than an object, and neither would find the other's. It
 * becomes the one mark that stands for what cannot be read, `\uFFFD`.
 */
export function wholeText(): z.ZodString {
  return z.string().overwrite((text) => text.toWellFormed())
}
