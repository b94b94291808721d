// Drives the editor on a page by its data attributes, as a person would by hand.
import type { Page } from 'playwright-core'

export type Mirrored = {
  id: string
  clientId: string
  shape: string
  label: string
  points: number[]
  data: Record<string, string>
}

export const openEditorPage = async (page: Page, url: string) => {
  const byId = (id: string) => page.locator(`[data-testid="${id}"]`)
  const root = byId('editor')

  const read = (name: string): Promise<string> => root.evaluate((element, key) => element.getAttribute(key) ?? '', `data-${name}`)

  /** Waits until an attribute of the editor has a value. */
  const until = async (name: string, value: string | number | boolean): Promise<void> => {
    await page.waitForSelector(`[data-testid="editor"][data-${name}="${value}"]`, { state: 'attached', timeout: 10_000 })
  }

  const ready = () => until('busy', false)

  /** Page pixels of a picture pixel. */
  const locate = (x: number, y: number) =>
    root.evaluate(
      (element, at) => {
        const box = element.getBoundingClientRect()
        const { scale, left, top } = (element as HTMLElement).dataset
        return { x: box.left + Number(left) + Number(scale) * at.x, y: box.top + Number(top) + Number(scale) * at.y }
      },
      { x, y },
    )

  const moveTo = async (x: number, y: number): Promise<void> => {
    const at = await locate(x, y)
    await page.mouse.move(at.x, at.y)
  }

  const click = async (x: number, y: number, options: { button?: 'left' | 'right' } = {}): Promise<void> => {
    const at = await locate(x, y)
    await page.mouse.move(at.x, at.y)
    await page.mouse.down(options)
    await page.mouse.up(options)
  }

  const clickAll = async (points: [number, number][]): Promise<void> => {
    for (const [x, y] of points) await click(x, y)
  }

  const drag = async (from: [number, number], to: [number, number]): Promise<void> => {
    const a = await locate(...from)
    const b = await locate(...to)
    await page.mouse.move(a.x, a.y)
    await page.mouse.down()
    await page.mouse.move((a.x + b.x) / 2, (a.y + b.y) / 2)
    await page.mouse.move(b.x, b.y)
    await page.mouse.up()
  }

  const objects = (): Promise<Mirrored[]> =>
    byId('objects-mirror').evaluate((list) =>
      [...list.children].map((child) => {
        const data = { ...(child as HTMLElement).dataset } as Record<string, string>
        const points = data.points ? data.points.split(',').map(Number) : []
        return {
          id: data.id ?? '',
          clientId: data.clientId ?? '',
          shape: data.shape ?? '',
          label: data.label ?? '',
          points,
          data,
        }
      }),
    )

  /** Waits until so many objects are listed. */
  const untilCount = async (count: number): Promise<Mirrored[]> => {
    await page.waitForFunction((n) => document.querySelector('[data-testid="objects-mirror"]')?.childElementCount === n, count)
    return objects()
  }

  /** Page pixels of a handle of the active object. */
  const handle = async (name: string): Promise<{ x: number; y: number }> => {
    const item = page.locator(`[data-testid="handles-mirror"] [data-handle="${name}"]`)
    await item.waitFor({ state: 'attached' })
    return item.evaluate((element) => ({
      x: Number((element as HTMLElement).dataset.x),
      y: Number((element as HTMLElement).dataset.y),
    }))
  }

  const draw = async (tool: string, label: string): Promise<void> => {
    await byId(`tool-${tool}`).click()
    await byId('draw-label').selectOption(label)
    await byId('draw-shape').click()
    await until('mode', 'draw')
  }

  const save = async (): Promise<void> => {
    await page.keyboard.press('Control+s')
    await until('unsaved', 0)
    await ready()
  }

  await page.goto(url)
  await ready()
  return { page, byId, root, read, until, ready, locate, moveTo, click, clickAll, drag, objects, untilCount, handle, draw, save }
}

export type EditorPage = Awaited<ReturnType<typeof openEditorPage>>
