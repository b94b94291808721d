// Makes elements for what islands add to a page.
type Properties = Record<string, string | number | boolean | undefined | ((event: Event) => void)>

/** An element with attributes (`true` = present, `false` and undefined = absent), `on…` listeners and children. */
export const element = <K extends keyof HTMLElementTagNameMap>(
  tag: K,
  properties: Properties = {},
  ...children: (Node | string | null | false)[]
): HTMLElementTagNameMap[K] => {
  const made = document.createElement(tag)
  for (const [name, value] of Object.entries(properties)) {
    if (typeof value === 'function') made.addEventListener(name.slice(2), value)
    else if (value !== undefined && value !== false) made.setAttribute(name, value === true ? '' : String(value))
  }
  made.append(...children.filter((child) => child !== null && child !== false))
  return made
}

/** A labelled control of a dialog. */
export const field = (label: string, control: HTMLElement, hint?: string) =>
  element(
    'label',
    { class: 'field' },
    element('span', { class: 'label' }, label),
    control,
    hint ? element('span', { class: 'hint' }, hint) : null,
  )
