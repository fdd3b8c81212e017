import type { Api } from './env.ts'

/** Which methods an address takes, by the routes an API has documented: none for an address it does not have. */
export function methodsOf(api: Api): (path: string) => string[] {
  const routes = api.openAPIRegistry.definitions.flatMap((definition) => {
    if (definition.type !== 'route') return []
    const { method, path } = definition.route
    const pattern = new RegExp(`^${path.replaceAll(/\{[^}]+\}/g, '[^/]+')}$`)
    return [{ method: method.toUpperCase(), pattern }]
  })
  return (path) => [...new Set(routes.filter(({ pattern }) => pattern.test(path)).map(({ method }) => method))]
}
