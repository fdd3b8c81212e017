import { remember } from './memory.ts'

export type ThemeChoice = 'system' | 'light' | 'dark'

const key = 'leat.theme'

/** Light, dark, or what the system says. `static/theme.js` puts the same choice on <html> before the first paint. */
class Theme {
  #choice = $state<ThemeChoice>(readChoice())

  get current(): ThemeChoice {
    return this.#choice
  }

  set current(choice: ThemeChoice) {
    this.#choice = choice
    remember(key, choice === 'system' ? null : choice)
    if (choice === 'system') {
      delete document.documentElement.dataset['theme']
    } else {
      document.documentElement.dataset['theme'] = choice
    }
  }
}

function readChoice(): ThemeChoice {
  const chosen = document.documentElement.dataset['theme']
  return chosen === 'light' || chosen === 'dark' ? chosen : 'system'
}

export const theme = new Theme()
