// Light or dark as chosen for all pages: a cookie tells the server, the attribute the style sheet.
import type { Settings } from './state'

const yearSeconds = 365 * 24 * 60 * 60

/** What the server put on the page. */
export const readTheme = (): Settings['theme'] => {
  const { theme } = document.documentElement.dataset
  return theme === 'light' || theme === 'dark' ? theme : 'system'
}

export const chooseTheme = (theme: Settings['theme']): void => {
  if (theme === readTheme()) return
  const value = theme === 'system' ? '' : theme
  // biome-ignore lint/suspicious/noDocumentCookie: the Cookie Store API is missing on pages that are not served securely
  document.cookie = `theme=${value}; path=/; max-age=${value ? yearSeconds : 0}; samesite=lax`
  if (theme === 'system') delete document.documentElement.dataset.theme
  else document.documentElement.dataset.theme = theme
}
