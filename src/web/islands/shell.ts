// The frame of pages: theme, organization, sign-out, keys, pictures that are not there.

const yearSeconds = 31_536_000
const setCookie = (name: string, value: string) => {
  // biome-ignore lint/suspicious/noDocumentCookie: the cookie store is not everywhere yet
  document.cookie = `${name}=${value}; path=/; max-age=${value ? yearSeconds : 0}; samesite=lax`
}

const chooseTheme = (theme: string) => {
  setCookie('theme', theme === 'system' ? '' : theme)
  localStorage.setItem('annolith.theme', theme)
  if (theme === 'system') delete document.documentElement.dataset.theme
  else document.documentElement.dataset.theme = theme
  const choices = [...document.querySelectorAll<HTMLElement>('[data-theme-choice]')]
  const mark = choices.map((choice) => choice.querySelector('.theme-mark svg')).find(Boolean)
  for (const choice of choices) {
    const isChosen = choice.dataset.themeChoice === theme
    choice.setAttribute('aria-checked', String(isChosen))
    if (isChosen && mark) choice.querySelector('.theme-mark')!.append(mark)
  }
}

const isTyping = (target: EventTarget | null) =>
  target instanceof HTMLElement && (target.isContentEditable || /^(INPUT|TEXTAREA|SELECT)$/.test(target.tagName))

export const startShell = () => {
  document.addEventListener('click', (event) => {
    const at = event.target as Element
    const theme = at.closest<HTMLElement>('[data-theme-choice]')
    if (theme) chooseTheme(theme.dataset.themeChoice!)
    if (at.closest('[data-back]')) history.back()
  })
  document.addEventListener('keydown', (event) => {
    if (event.key !== '/' || event.ctrlKey || event.metaKey || event.altKey || isTyping(event.target)) return
    const search = document.querySelector<HTMLInputElement>('[data-testid="list-search"]')
    if (!search) return
    event.preventDefault()
    search.select()
  })
  // A preview that cannot be made leaves the drawing behind it; errors do not bubble, so they are caught on their way down.
  document.addEventListener(
    'error',
    (event) => (event.target as HTMLElement).dataset?.preview !== undefined && (event.target as HTMLElement).remove(),
    true,
  )
  // On narrow screens rows of tabs scroll: the one that is open shall be seen.
  for (const here of document.querySelectorAll<HTMLElement>('.nav [aria-current], .tabs [aria-current]'))
    here.scrollIntoView({ block: 'nearest', inline: 'center' })
  for (const picture of document.querySelectorAll<HTMLImageElement>('img[data-preview]'))
    if (picture.complete && !picture.naturalWidth) picture.remove()
}
