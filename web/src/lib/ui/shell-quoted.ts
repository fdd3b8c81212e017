/** A text as one word for any shell that is like sh: in single quotes nothing has a meaning but the quote itself. */
export function shellQuoted(text: string): string {
  return `'${text.replaceAll("'", String.raw`'\''`)}'`
}
