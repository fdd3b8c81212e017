/** A field's key made of its label: `Date of birth` is `dateOfBirth`. Empty when nothing of it can be in a key. */
export function keyOf(label: string): string {
  const words = label
    .normalize('NFKD')
    .replaceAll('ß', 'ss')
    .replaceAll(/[\u0300-\u036f]/g, '')
    .split(/[^a-zA-Z0-9]+/)
    .filter((word) => word !== '')
  const key = words
    .map((word, index) => (index === 0 ? word.toLowerCase() : word[0]!.toUpperCase() + word.slice(1).toLowerCase()))
    .join('')
    .slice(0, 40)
  return /^[a-z]/.test(key) ? key : ''
}
