// What the tests of the editor's tools share: a browser, labels of every kind, and the checks that hold at the end of each test.
import { expect } from 'bun:test'
import type { Browser, BrowserContext, BrowserContextOptions } from 'playwright-core'
import type { Label, Shape } from '../../src/formats/model'
import { openBrowser } from './browser'
import { harnessLabels, type Mock, type MockOptions, startMock } from './editor-harness'
import { type EditorPage, openEditorPage } from './editor-page'

const joint = (id: number, name: string): Label => ({ id, name, color: '#8b5cf6', type: 'points', attributes: [], sublabels: [] })

/** A triangle with a tail: head at the top, two hands, a foot below. */
const svg = [
  '<line x1="50" y1="10" x2="10" y2="50" data-type="edge" data-node-from="1" data-node-to="2"></line>',
  '<line x1="50" y1="10" x2="90" y2="50" data-type="edge" data-node-from="1" data-node-to="3"></line>',
  '<line x1="50" y1="10" x2="50" y2="90" data-type="edge" data-node-from="1" data-node-to="4"></line>',
  '<circle r="1.5" cx="50" cy="10" data-type="element node" data-element-id="1" data-node-id="1" data-label-id="31"></circle>',
  '<circle r="1.5" cx="10" cy="50" data-type="element node" data-element-id="2" data-node-id="2" data-label-id="32"></circle>',
  '<circle r="1.5" cx="90" cy="50" data-type="element node" data-element-id="3" data-node-id="3" data-label-id="33"></circle>',
  '<circle r="1.5" cx="50" cy="90" data-type="element node" data-element-id="4" data-node-id="4" data-label-id="34"></circle>',
].join('')

export const toolLabels: Label[] = [
  ...harnessLabels,
  {
    id: 30,
    name: 'figure',
    color: '#8b5cf6',
    type: 'skeleton',
    attributes: [],
    sublabels: [joint(31, 'head'), joint(32, 'left'), joint(33, 'right'), joint(34, 'foot')],
    svg,
  },
]

export const openTools = async () => {
  const { browser, close } = await openBrowser()
  const opened: { context: BrowserContext; mock: Mock; editor: EditorPage; errors: string[] }[] = []

  const open = async (options: MockOptions = {}, page: BrowserContextOptions = {}) => {
    const mock = await startMock({ labels: toolLabels, ...options })
    const context = await (browser as Browser).newContext({ viewport: { width: 1280, height: 720 }, ...page })
    const errors: string[] = []
    const tab = await context.newPage()
    tab.on('pageerror', (error) => errors.push(String(error)))
    tab.on('console', (message) => {
      // The browser asks for an icon by itself; the server of the tests has none.
      if (message.type() !== 'error' || message.location().url.endsWith('/favicon.ico')) return
      errors.push(`${message.text()} ${message.location().url}`)
    })
    tab.on('requestfailed', (request) => {
      // A page that is left gives up its stream of news.
      if (!request.url().includes('/api/stream')) errors.push(`${request.url()} ${request.failure()?.errorText}`)
    })
    tab.on('response', (response) => {
      if (response.status() >= 400) errors.push(`${response.status()} ${response.url()}`)
    })
    const editor = await openEditorPage(tab, mock.url)
    opened.push({ context, mock, editor, errors })
    return { editor, mock }
  }

  /** No error, no failed request, nothing stuck in drawing. */
  const finish = async () => {
    for (const { context, mock, editor, errors } of opened.splice(0)) {
      await editor.until('mode', 'idle')
      await editor.ready()
      expect(errors).toEqual([])
      await context.close()
      mock.close()
    }
  }
  return { open, finish, close }
}

/** Points within a picture pixel or so: the mouse moves in whole screen pixels. */
export const expectNear = (points: readonly number[] | undefined, wanted: readonly number[], by = 1.5): void => {
  expect(points?.length).toBe(wanted.length)
  for (const [i, value] of wanted.entries()) expect(Math.abs(points![i]! - value)).toBeLessThanOrEqual(by)
}

/** Number of set pixels of a mask of the API. */
export const countPixels = (points: readonly number[]): number => {
  let sum = 0
  for (let i = 1; i < points.length - 4; i += 2) sum += points[i]!
  return sum
}

/** Runs of a mask that fills a box. */
export const fullMask = (left: number, top: number, right: number, bottom: number): number[] => [
  0,
  (right - left + 1) * (bottom - top + 1),
  left,
  top,
  right,
  bottom,
]

export const areaOf = (points: readonly number[]): number => {
  let sum = 0
  for (let i = 0, j = points.length - 2; i < points.length; j = i, i += 2)
    sum += points[j]! * points[i + 1]! - points[i]! * points[j + 1]!
  return Math.abs(sum) / 2
}

export const shapeOf = (mock: Mock, index = 0): Shape => {
  const shape = mock.stored.shapes[index]
  if (!shape) throw new Error(`no shape ${index}`)
  return shape
}
