// Puts the chosen theme on <html> before anything is painted. The app writes the choice (lib/ui/theme.svelte.ts).
try {
  const theme = localStorage.getItem('leat.theme')
  if (theme === 'light' || theme === 'dark') document.documentElement.dataset.theme = theme
} catch (error) {
  console.info('no stored theme', error)
}
