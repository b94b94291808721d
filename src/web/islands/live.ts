// Lists that follow what happens: rows are exchanged when the server tells of a change, without taking away what somebody is doing.
import { t } from './i18n/message'
import { tellLost } from './reach'
import { showInfo } from './toast'

const settleMs = 400
const shortestWaitMs = 1000

/** Rows in which somebody is at work stay as they are: a field with the keys in it, an open menu. */
const isBusy = (row: Element) => row.contains(document.activeElement) || row.querySelector('[aria-expanded="true"]') !== null

/** Puts the fresh row in the place of the old one; what was chosen stays chosen. */
const exchange = (old: HTMLElement, fresh: HTMLElement) => {
  if (old.outerHTML === fresh.outerHTML || isBusy(old)) return
  const isChosen = old.querySelector<HTMLInputElement>('[data-select]')?.checked
  const picture = old.querySelector<HTMLElement>('[data-testid="row-preview"]')
  const freshPicture = fresh.querySelector<HTMLElement>('[data-testid="row-preview"]')
  // The same picture is not loaded again.
  if (picture && freshPicture?.querySelector('img')?.getAttribute('src') === picture.querySelector('img')?.getAttribute('src'))
    freshPicture?.replaceWith(picture)
  const box = fresh.querySelector<HTMLInputElement>('[data-select]')
  if (box && isChosen) box.checked = true
  old.replaceWith(fresh)
}

const rowsOf = (body: Element) => [...body.querySelectorAll<HTMLElement>(':scope > tr[data-testid]')]

const updateRows = (body: Element, freshBody: Element) => {
  const known = new Map(rowsOf(body).map((row) => [row.dataset.testid!, row]))
  const fresh = rowsOf(freshBody)
  const names = new Set(fresh.map((row) => row.dataset.testid!))
  for (const [name, row] of known) if (!names.has(name)) row.remove()
  for (const [i, row] of fresh.entries()) {
    const old = known.get(row.dataset.testid!)
    if (old) exchange(old, row)
    else body.insertBefore(row, rowsOf(body)[i] ?? null)
  }
}

/** Parts of a page that follow what happens. One that scripts have changed carries its state, by which it is compared. */
const updateParts = (page: Document) => {
  for (const part of document.querySelectorAll<HTMLElement>('[data-live-part]')) {
    const fresh = page.querySelector<HTMLElement>(`[data-live-part="${CSS.escape(part.dataset.livePart!)}"]`)
    const { liveState } = part.dataset
    const isSame = liveState === undefined ? part.outerHTML === fresh?.outerHTML : liveState === fresh?.dataset.liveState
    if (fresh && !isSame && !isBusy(part)) part.replaceWith(fresh)
  }
}

/** Reads the page again and takes over what changed in its lists and live parts. */
const refresh = async () => {
  const response = await fetch(location.href, { headers: { accept: 'text/html' } })
  if (!response.ok || response.redirected) return
  const page = new DOMParser().parseFromString(await response.text(), 'text/html')
  const body = document.querySelector('#list tbody')
  const freshBody = page.querySelector('#list tbody')
  if (body && freshBody) updateRows(body, freshBody)
  else if (!document.querySelector('dialog[open], :popover-open')) {
    // The first row came, or the last one went.
    const list = document.getElementById('list')
    const freshList = page.getElementById('list')
    if (list && freshList && list.textContent !== freshList.textContent) list.replaceWith(freshList)
  }
  const count = document.querySelector('[data-testid="list-count"]')
  const freshCount = page.querySelector('[data-testid="list-count"]')
  if (count && freshCount && count.textContent !== freshCount.textContent) count.replaceWith(freshCount)
  updateParts(page)
  document.dispatchEvent(new CustomEvent('rows-changed'))
}

/** Calls `run` once for a burst of calls, and not more often than every second. */
const gather = (run: () => void) => {
  let isWaiting = false
  let lastAt = 0
  return () => {
    if (isWaiting) return
    isWaiting = true
    const waitMs = Math.max(settleMs, lastAt + shortestWaitMs - Date.now())
    setTimeout(() => {
      isWaiting = false
      lastAt = Date.now()
      run()
    }, waitMs)
  }
}

type Invited = {
  key: string
  organization: { slug: string; name: string }
  role: string
  inviter: string | null
  accepted: boolean
}

/** Tells of an invitation wherever in the pages one is. */
const tellInvitation = (event: Event) => {
  const { key, organization, role, inviter, accepted } = JSON.parse((event as MessageEvent).data) as Invited
  const name = organization.name || organization.slug
  const values = { name, role: t(role), who: inviter ?? t('Somebody') }
  const text = accepted ? t('{who} made you {role} of “{name}”.', values) : t('{who} invites you to “{name}” as {role}.', values)
  showInfo(text, { href: `/invitations/${encodeURIComponent(key)}`, label: t('Open') })
}

/** The streams for what a page follows: one for all named topics, one for each thing. */
const listStreams = (live: string): string[] => {
  const parts = live.split(' ').filter(Boolean)
  const named = ['invitations', ...parts.filter((part) => !part.includes('='))]
  return [`topic=${named.join(',')}`, ...parts.filter((part) => part.includes('='))]
}

/** Whether something was told between the reading of what the page shows and the opening of its stream. */
const missedSome = (hello: Event): boolean => {
  const { told } = JSON.parse((hello as MessageEvent).data) as { told?: string }
  return told !== document.documentElement.dataset.told
}

/** Begins to follow the topics that the page names in `data-live`: `requests`, `jobs`, `task_id=7`; and one's invitations. */
export const startLive = () => {
  if (!document.querySelector('[data-testid="user-menu"]')) return
  const topics = listStreams(document.querySelector<HTMLElement>('[data-live]')?.dataset.live ?? '')
  const refreshSoon = gather(() => void refresh().catch(() => {}))
  let sources: EventSource[] = []
  let wasOpen = false

  const follow = (topic: string) => {
    const source = new EventSource(`/api/stream?${topic}`)
    source.addEventListener('invitation', tellInvitation)
    source.addEventListener('error', tellLost)
    for (const type of ['request', 'job', 'save']) source.addEventListener(type, refreshSoon)
    source.addEventListener('request', () => document.dispatchEvent(new CustomEvent('request-told')))
    let isFirst = !wasOpen
    source.addEventListener('hello', (event) => {
      document.documentElement.dataset.live = 'on'
      // What happened while nobody listened.
      if (!isFirst || missedSome(event)) refreshSoon()
      isFirst = false
    })
    return source
  }
  // Only what somebody sees holds connections: a browser has six for one server, over all its tabs.
  const settle = () => {
    const isWanted = !document.hidden
    if (isWanted && !sources.length) {
      sources = topics.map(follow)
      wasOpen = true
    } else if (!isWanted) close()
  }
  const close = () => {
    for (const source of sources) source.close()
    sources = []
  }
  // A stream that was refused for good does not open itself again.
  document.addEventListener('server-back', () => {
    close()
    settle()
    refreshSoon()
  })
  document.addEventListener('request-ended', refreshSoon)
  document.addEventListener('visibilitychange', settle)
  addEventListener('pagehide', close)
  addEventListener('pageshow', settle)
  settle()
}
