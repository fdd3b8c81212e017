/** A name as it stands in an address: lower case words joined by hyphens, made one of a kind by `suffix`. */
export function organizationSlug(name: string, suffix: string): string {
  const words = name
    .normalize('NFKD')
    .replace(/\p{M}/gu, '')
    .toLowerCase()
    .match(/[a-z0-9]+/g)
  return [...(words ?? ['organization']), suffix].join('-').slice(-60).replace(/^-/, '')
}
