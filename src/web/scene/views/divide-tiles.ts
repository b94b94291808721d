// Borders between the pictures beside the frame: dragged, or moved by keys, they share the height otherwise.
import type { Editor } from '../../editor/editor'
import { t } from '../../editor/i18n/message'
import { startSettings } from '../../editor/state'
import { h } from '../../editor/ui/dom'

/** A tile keeps this part of an even share at least. */
const least = 0.25
const keyStep = 0.1

const readShares = (editor: Editor): number[] => {
  const kept = editor.state.settings.scenePictures.split(',').map(Number)
  const isGood = kept.length === 3 && kept.every((share) => share >= least)
  return isGood ? kept : startSettings.scenePictures.split(',').map(Number)
}

export const divideTiles = (editor: Editor, host: HTMLElement): void => {
  const listTiles = () => [...host.querySelectorAll<HTMLElement>(':scope > .ed-context-tile')]
  const apply = () => {
    const shares = readShares(editor)
    for (const [i, tile] of listTiles().entries()) tile.style.flexGrow = String(shares[i] ?? 1)
    for (const [i, border] of [...host.querySelectorAll(':scope > .sc-border')].entries())
      border.setAttribute('aria-valuenow', String(Math.round(shares[i]! * 100)))
  }
  /** Gives height from the tile below border `at` to the one above. */
  const move = (at: number, by: number) => {
    const shares = readShares(editor)
    const given = Math.min(Math.max(by, least - shares[at]!), shares[at + 1]! - least)
    shares[at]! += given
    shares[at + 1]! -= given
    const scenePictures = shares.map((share) => String(Math.round(share * 1000) / 1000)).join(',')
    editor.store.set({ settings: { ...editor.state.settings, scenePictures } })
  }
  const makeBorder = (at: number) => {
    const border = h('div', {
      class: 'sc-border sc-level sc-picture-border',
      role: 'separator',
      tabindex: '0',
      'data-testid': `border-picture-${at + 1}`,
      'aria-label': t('Height of the pictures'),
      'aria-orientation': 'horizontal',
      'aria-valuenow': String(Math.round((readShares(editor)[at] ?? 1) * 100)),
    })
    let last: number | null = null
    border.addEventListener('pointerdown', (event) => {
      border.setPointerCapture(event.pointerId)
      last = event.clientY
      event.preventDefault()
    })
    border.addEventListener('pointermove', (event) => {
      if (last === null || !border.hasPointerCapture(event.pointerId)) return
      const all = readShares(editor).slice(0, listTiles().length)
      const total = all.reduce((sum, share) => sum + share, 0)
      move(at, ((event.clientY - last) / Math.max(host.clientHeight, 1)) * total)
      last = event.clientY
    })
    border.addEventListener('pointerup', () => {
      last = null
    })
    border.addEventListener('keydown', (event) => {
      if (event.key !== 'ArrowUp' && event.key !== 'ArrowDown') return
      move(at, event.key === 'ArrowUp' ? -keyStep : keyStep)
      event.preventDefault()
      event.stopPropagation()
    })
    return border
  }
  /** The pictures are listed anew with every frame, without borders. */
  const divide = () => {
    observer.disconnect()
    for (const border of host.querySelectorAll(':scope > .sc-border')) border.remove()
    for (const [i, tile] of listTiles().entries()) if (i > 0) tile.before(makeBorder(i - 1))
    apply()
    observer.observe(host, { childList: true })
  }
  const observer = new MutationObserver(divide)
  divide()
  editor.store.subscribe(['settings'], apply)
}
