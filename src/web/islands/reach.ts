// A banner on open pages while the server cannot be reached. It asks again by itself and goes when the server is back.
import { element } from './element'
import { t } from './i18n/message'

const firstWaitMs = 1000
const longestWaitMs = 15_000

/** Answers of a gateway whose server is gone. */
const isGone = (status: number) => status >= 502 && status <= 504

const answers = (): Promise<boolean> =>
  fetch('/healthz', { cache: 'no-store' }).then(
    ({ status }) => !isGone(status),
    () => false,
  )

let isChecking = false
let askNow: (() => void) | undefined

const showBanner = () => {
  const again = element('button', { type: 'button', class: 'btn btn-small', onclick: () => askNow?.() }, t('Try now'))
  const banner = element(
    'div',
    {
      class: `${document.body.classList.contains('grid') ? 'fixed' : 'sticky'} inset-x-0 top-0 z-30 flex w-full items-center gap-3 border-b border-line bg-danger-soft px-4 py-2 text-danger`,
      role: 'alert',
      'data-testid': 'server-gone',
    },
    element('span', { class: 'min-w-0 flex-1' }, t('The server cannot be reached. This page shows what was there before.')),
    again,
  )
  document.body.prepend(banner)
  return () => banner.remove()
}

const pause = (ms: number) =>
  new Promise<void>((resolve) => {
    const timer = setTimeout(resolve, ms)
    askNow = () => {
      clearTimeout(timer)
      resolve()
    }
  })

/** Asks whether the server is there; while it is not, the banner stands. `server-back` is told once it is there again. */
export const checkReach = async (): Promise<void> => {
  if (isChecking) return
  isChecking = true
  try {
    if (await answers()) return
    const hide = showBanner()
    for (let waitMs = firstWaitMs; ; waitMs = Math.min(longestWaitMs, waitMs * 1.6)) {
      await pause(waitMs)
      if (await answers()) break
    }
    hide()
    document.dispatchEvent(new CustomEvent('server-back'))
  } finally {
    isChecking = false
    askNow = undefined
  }
}

/** What broke on its way tells that the server may be gone; so do the browser and the event stream. */
export const startReach = () => {
  for (const sign of ['offline', 'online']) addEventListener(sign, () => (askNow ? askNow() : void checkReach()))
  document.addEventListener('connection-lost', () => void checkReach())
}

/** Says that a request broke on its way. */
export const tellLost = () => void document.dispatchEvent(new CustomEvent('connection-lost'))
