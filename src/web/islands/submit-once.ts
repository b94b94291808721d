// A form that is on its way is not sent again, however often its button is pressed; the server counts it once besides.
const longestMs = 20_000

const release = (form: HTMLFormElement) => {
  delete form.dataset.sent
  for (const button of form.querySelectorAll('button')) button.removeAttribute('aria-disabled')
}

/** To be started after the islands that send forms themselves. */
export const startSubmitOnce = () => {
  document.addEventListener('submit', (event) => {
    const form = event.target as HTMLFormElement
    if (event.defaultPrevented || form.method !== 'post') return
    if (form.dataset.sent !== undefined) return event.preventDefault()
    form.dataset.sent = ''
    for (const button of form.querySelectorAll('button')) button.setAttribute('aria-disabled', 'true')
    // An answer that never comes shall not close the form for good.
    setTimeout(release, longestMs, form)
  })
  // Back shows the page as it was left.
  addEventListener('pageshow', () => document.querySelectorAll<HTMLFormElement>('form[data-sent]').forEach(release))
}
