import type * as Language from './language.ts'

let loaded: Promise<typeof Language> | undefined

/** The expression language, loaded once. A failure is forgotten, so that the next call tries again. */
export function loadLanguage(): Promise<typeof Language> {
  loaded ??= import('./language.ts').catch((error: unknown) => {
    loaded = undefined
    throw error
  })
  return loaded
}
