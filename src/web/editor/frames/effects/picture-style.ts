// Brightness, contrast, saturation and gamma of the shown picture, as the browser's own filters.
import type { Settings } from '../../state'

const namespace = 'http://www.w3.org/2000/svg'
const gammaId = 'ed-gamma'

/** A filter that raises every channel to a power; it must stand in the page. */
export const makeGammaFilter = (): { element: SVGElement; set: (gamma: number) => void } => {
  const make = (name: string, attributes: Record<string, string> = {}): SVGElement => {
    const element = document.createElementNS(namespace, name)
    for (const [key, value] of Object.entries(attributes)) element.setAttribute(key, value)
    return element
  }
  const channels = ['R', 'G', 'B'].map((channel) => make(`feFunc${channel}`, { type: 'gamma', amplitude: '1', offset: '0' }))
  const transfer = make('feComponentTransfer')
  transfer.append(...channels)
  const filter = make('filter', { id: gammaId, 'color-interpolation-filters': 'sRGB' })
  filter.append(transfer)
  const element = make('svg', { width: '0', height: '0', 'aria-hidden': 'true', class: 'ed-defs' })
  element.append(filter)
  return {
    element,
    set: (gamma) => {
      for (const channel of channels) channel.setAttribute('exponent', String(1 / gamma))
    },
  }
}

export const describePictureFilter = (settings: Pick<Settings, 'brightness' | 'contrast' | 'saturation' | 'gamma'>): string => {
  const { brightness, contrast, saturation, gamma } = settings
  const parts = [
    brightness === 100 ? '' : `brightness(${brightness}%)`,
    contrast === 100 ? '' : `contrast(${contrast}%)`,
    saturation === 100 ? '' : `saturate(${saturation}%)`,
    gamma === 1 ? '' : `url(#${gammaId})`,
  ].filter(Boolean)
  return parts.length > 0 ? parts.join(' ') : 'none'
}
