// Scripts and styles that a page can be painted without, such as those of its charts: fetched once it is painted.
import { element } from './element'

const load = ({ style, script }: DOMStringMap) => {
  if (style) document.head.append(element('link', { rel: 'stylesheet', href: style }))
  if (script) document.head.append(element('script', { type: 'module', src: script }))
}

export const startLoadingLater = () => {
  const places = [...document.querySelectorAll<HTMLElement>('[data-load-later]')]
  // The second frame begins when the first is on the screen; a page in the background has none, and nobody who waits.
  const loadAll = () => {
    for (const place of places) load(place.dataset)
  }
  if (places.length) requestAnimationFrame(() => requestAnimationFrame(loadAll))
}
