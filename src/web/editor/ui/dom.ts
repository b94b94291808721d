// Builds DOM elements from plain data; texts are always set as text.

type Props = {
  class?: string
  text?: string
  on?: { [K in keyof HTMLElementEventMap]?: (event: HTMLElementEventMap[K]) => void }
  [attribute: string]: unknown
}

export const h = <K extends keyof HTMLElementTagNameMap>(
  tag: K,
  props: Props = {},
  ...children: (Node | string | null | undefined)[]
): HTMLElementTagNameMap[K] => {
  const element = document.createElement(tag)
  for (const [name, value] of Object.entries(props)) {
    if (value === undefined || value === null || name === 'on' || name === 'text') continue
    if (name === 'class') element.className = String(value)
    else if (name === 'value' || name === 'checked' || name === 'disabled') Reflect.set(element, name, value)
    else element.setAttribute(name, String(value))
  }
  if (props.text !== undefined) element.textContent = props.text
  for (const [type, run] of Object.entries(props.on ?? {})) element.addEventListener(type, run as EventListener)
  for (const child of children) if (child !== null && child !== undefined) element.append(child)
  return element
}

/** Sets an attribute only when it changes, which spares the browser work. */
export const setAttribute = (element: Element, name: string, value: string): void => {
  if (element.getAttribute(name) !== value) element.setAttribute(name, value)
}

export const setText = (element: Element, text: string): void => {
  if (element.textContent !== text) element.textContent = text
}
