// Opens the editor against the test server and sees to it that nothing failed: no console error, no failed request, nothing left in drawing.
import { expect } from 'bun:test'
import type { Browser, BrowserContext, BrowserContextOptions } from 'playwright-core'
import { openBrowser } from './browser'
import { type Mock, type MockOptions, makeShape, startMock } from './editor-harness'
import { type EditorPage, openEditorPage } from './editor-page'

export const boxAt = (id: number, x: number, y: number, part: object = {}) =>
  makeShape({ id, type: 'rectangle', points: [x, y, x + 100, y + 80], ...part })

export const makeFixture = () => {
  let browser: Browser
  let closeBrowser: () => Promise<void>
  let mock: Mock | null = null
  const contexts: BrowserContext[] = []
  const failures: string[] = []
  const pages: EditorPage[] = []

  const openPage = async (query = '', options: BrowserContextOptions = {}, context?: BrowserContext): Promise<EditorPage> => {
    const owner = context ?? (await browser.newContext({ viewport: { width: 1280, height: 720 }, ...options }))
    if (!contexts.includes(owner)) contexts.push(owner)
    const page = await owner.newPage()
    page.on('pageerror', (error) => failures.push(String(error)))
    page.on('console', (message) => {
      if (message.type() === 'error') failures.push(message.text())
    })
    page.on('requestfailed', (request) => {
      // A page that closes or turns to other frames stops what it no longer needs.
      if (!/ERR_ABORTED/.test(request.failure()?.errorText ?? ''))
        failures.push(`${request.url()} ${request.failure()?.errorText}`)
    })
    const editor = await openEditorPage(page, `${mock!.url}${query}`)
    pages.push(editor)
    return editor
  }

  return {
    get mock(): Mock {
      return mock!
    },
    get context(): BrowserContext {
      return contexts[0]!
    },
    openPage,
    open: async (options: MockOptions = {}, query = '', page: BrowserContextOptions = {}): Promise<EditorPage> => {
      mock = await startMock(options)
      return openPage(query, page)
    },
    begin: async () => {
      ;({ browser, close: closeBrowser } = await openBrowser())
    },
    /** After each test. */
    check: async () => {
      const modes: string[] = []
      for (const editor of pages.splice(0)) if (!editor.page.isClosed()) modes.push(await editor.read('mode'))
      await Promise.all(contexts.splice(0).map((context) => context.close()))
      mock?.close()
      mock = null
      expect(failures.splice(0)).toEqual([])
      return modes
    },
    end: () => closeBrowser(),
  }
}
