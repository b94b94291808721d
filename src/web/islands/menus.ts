// Menus: opened at their button, walked with the arrow keys, closed by choosing.
const margin = 4

const place = (menu: HTMLElement, button: HTMLElement) => {
  const at = button.getBoundingClientRect()
  const { offsetWidth: width, offsetHeight: height } = menu
  const rtl = getComputedStyle(document.documentElement).direction === 'rtl'
  const wanted = rtl ? at.left : at.right - width
  const below = at.bottom + margin
  menu.style.left = `${Math.max(margin, Math.min(wanted, innerWidth - width - margin))}px`
  menu.style.top = `${below + height > innerHeight - margin && at.top > height + margin ? at.top - height - margin : below}px`
}

const items = (menu: HTMLElement) => [...menu.querySelectorAll<HTMLElement>('.menu-item')]

const walk = (event: KeyboardEvent) => {
  const all = items(event.currentTarget as HTMLElement)
  const at = all.indexOf(document.activeElement as HTMLElement)
  const to = { ArrowDown: at + 1, ArrowUp: at - 1, Home: 0, End: all.length - 1 }[event.key]
  if (to === undefined) return
  event.preventDefault()
  all[(to + all.length) % all.length]?.focus()
}

const watch = (menu: HTMLElement, button: HTMLElement) => {
  menu.addEventListener('keydown', walk)
  menu.addEventListener('click', (event) => {
    if ((event.target as Element).closest('.menu-item')) menu.hidePopover()
  })
  menu.addEventListener('toggle', (event) => {
    const isOpen = (event as ToggleEvent).newState === 'open'
    button.setAttribute('aria-expanded', String(isOpen))
    if (isOpen) {
      place(menu, button)
      items(menu)[0]?.focus({ preventScroll: true })
    } else if (menu.dataset.once !== undefined) menu.remove()
  })
}

/** A menu whose entries wait in a template: only the open one is in the page. */
const openFrom = (button: HTMLElement) => {
  const template = document.getElementById(button.dataset.menuFrom!) as HTMLTemplateElement | null
  if (!template) return
  const menu = document.createElement('div')
  menu.className = 'float menu'
  menu.popover = 'auto'
  menu.role = 'menu'
  menu.dataset.once = ''
  menu.append(template.content.cloneNode(true))
  document.body.append(menu)
  watch(menu, button)
  menu.showPopover()
}

export const startMenus = () => {
  for (const menu of document.querySelectorAll<HTMLElement>('[data-menu]')) {
    const button = document.querySelector<HTMLElement>(`[popovertarget="${menu.id}"]`)
    if (button) watch(menu, button)
  }
  // A press on the button of an open menu has closed it before the click comes.
  let closedBy: HTMLElement | null = null
  document.addEventListener(
    'pointerdown',
    (event) => {
      const button = (event.target as Element).closest<HTMLElement>('[data-menu-from]')
      closedBy = button?.getAttribute('aria-expanded') === 'true' ? button : null
    },
    true,
  )
  document.addEventListener('click', (event) => {
    const button = (event.target as Element).closest<HTMLElement>('[data-menu-from]')
    if (button && button !== closedBy) openFrom(button)
    closedBy = null
  })
  document.addEventListener('keydown', (event) => {
    if (event.key !== 'Escape') return
    for (const details of document.querySelectorAll<HTMLDetailsElement>('details[data-keep-open][open]')) {
      details.open = false
      details.querySelector('summary')?.focus()
    }
  })
  document.addEventListener('click', (event) => {
    for (const details of document.querySelectorAll<HTMLDetailsElement>('details[data-keep-open][open]'))
      if (!details.contains(event.target as Node)) details.open = false
  })
}
