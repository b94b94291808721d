// `bun run bench:editor`: opens the 2D editor in headless Chromium on crowded frames and measures opening, moving, pointing and painting. --print: only print it.
import { parseArgs } from 'node:util'
import type { Page } from 'playwright-core'
import { openBrowser } from '../tests/e2e/browser.ts'
import { makeShape, startMock } from '../tests/e2e/editor-harness.ts'
import { describeMachine } from './benching/machine.ts'
import { createRandom } from './benching/pictures.ts'
import { writeSection } from './benching/report.ts'

const { values: flags } = parseArgs({ options: { print: { type: 'boolean' }, seconds: { type: 'string', default: '2' } } })
const seconds = Number(flags.seconds)
const picture = { width: 1920, height: 1080 }

type Row = { what: string; value: string; limit: string }
const rows: Row[] = []
const add = (what: string, value: string, limit: string) => {
  rows.push({ what, value, limit })
  console.log(`${what}: ${value} (${limit})`)
}

const random = createRandom(7)

/** Polygons of 20 points, strewn over the picture. */
const makePolygons = (count: number) =>
  Array.from({ length: count }, (_, i) => {
    const [cx, cy] = [30 + random() * (picture.width - 60), 30 + random() * (picture.height - 60)]
    const points = Array.from({ length: 20 }, (_point, k) => {
      const radius = 8 + random() * 14
      return [cx + radius * Math.cos((k * Math.PI) / 10), cy + radius * Math.sin((k * Math.PI) / 10)]
    })
    return makeShape({ id: i + 1, type: 'polygon', points: points.flat().map((value) => Math.round(value * 100) / 100) })
  })

const makeBoxes = (count: number) =>
  Array.from({ length: count }, (_, i) => {
    const [x, y] = [random() * (picture.width - 30), random() * (picture.height - 30)].map(Math.round) as [number, number]
    return makeShape({ id: i + 1, type: 'rectangle', points: [x, y, x + 12, y + 10] })
  })

/** Frames a second that the page shows while something is done to it. */
const countFrames = async (page: Page, act: (elapsed: number) => Promise<void>): Promise<number> => {
  await page.evaluate(() => {
    const count = { frames: 0, started: performance.now(), on: true }
    Object.assign(window, { frameCount: count })
    const tick = () => {
      count.frames += 1
      if (count.on) requestAnimationFrame(tick)
    }
    requestAnimationFrame(tick)
  })
  const started = performance.now()
  while (performance.now() - started < 1000 * seconds) await act((performance.now() - started) / 1000)
  return page.evaluate(() => {
    const count = (window as unknown as { frameCount: { frames: number; started: number; on: boolean } }).frameCount
    count.on = false
    return (1000 * count.frames) / (performance.now() - count.started)
  })
}

/** CPU time of the page's main thread (ms): unlike frames a second it does not depend on what else the machine does. */
const watchWork = async (page: Page) => {
  const session = await page.context().newCDPSession(page)
  await session.send('Performance.enable', { timeDomain: 'threadTicks' })
  const read = async () => {
    const { metrics } = await session.send('Performance.getMetrics')
    return 1000 * (metrics.find((one) => one.name === 'TaskDuration')?.value ?? Number.NaN)
  }
  let before = await read()
  return async () => {
    const now = await read()
    const spent = now - before
    before = now
    return spent
  }
}

const openPage = async (page: Page, url: string): Promise<number> => {
  const started = performance.now()
  await page.goto(url)
  await page.waitForSelector('[data-testid="editor"][data-busy="false"]', { state: 'attached', timeout: 120_000 })
  return performance.now() - started
}

type Moving = { frames: number; workMs: number }

const tellMoving = ({ frames, workMs }: Moving): string =>
  `${frames.toFixed(0)} frames/s, ${(workMs / (frames * seconds)).toFixed(1)} ms of the main thread a frame`

const measureMoving = async (page: Page): Promise<{ pan: Moving; zoom: Moving }> => {
  const work = await watchWork(page)
  const centre = { x: 500, y: 380 }
  await page.mouse.move(centre.x, centre.y)
  await page.mouse.down({ button: 'middle' })
  await work()
  const panFrames = await countFrames(page, (t) =>
    page.mouse.move(centre.x + 200 * Math.sin(3 * t), centre.y + 120 * Math.cos(2 * t)),
  )
  const pan = { frames: panFrames, workMs: await work() }
  await page.mouse.up({ button: 'middle' })
  await work()
  const zoomFrames = await countFrames(page, (t) => page.mouse.wheel(0, Math.sin(4 * t) > 0 ? -40 : 40))
  return { pan, zoom: { frames: zoomFrames, workMs: await work() } }
}

/**
 * Work from a pointer event to the drawn highlight, without the wait for the screen's next frame: the event's own handling, and what
 * the editor does in the frame after it. The middle of many (ms).
 */
const measureHover = (page: Page): Promise<number> =>
  page.evaluate(async () => {
    const area = document.querySelector('[data-testid="canvas"]')!
    const root = document.querySelector('[data-testid="editor"]') as HTMLElement
    const box = area.getBoundingClientRect()
    const spans: number[] = []
    for (let i = 0; i < 80; i++) {
      await new Promise((resolve) => setTimeout(resolve, 30))
      const before = root.dataset.active
      const at = { clientX: box.left + box.width * (0.2 + 0.008 * i), clientY: box.top + box.height * (0.3 + 0.004 * i) }
      let frameStarted = 0
      requestAnimationFrame(() => {
        frameStarted = performance.now()
      })
      const started = performance.now()
      area.dispatchEvent(new PointerEvent('pointermove', { ...at, bubbles: true, pointerId: 1, pointerType: 'mouse' }))
      const handled = performance.now() - started
      await new Promise(requestAnimationFrame)
      if (root.dataset.active !== before) spans.push(handled + performance.now() - frameStarted)
    }
    spans.sort((a, b) => a - b)
    return spans[Math.floor(spans.length / 2)] ?? Number.NaN
  })

const measureBrush = async (page: Page): Promise<number> => {
  await page.keyboard.press('Shift+1')
  await page.waitForSelector('[data-testid="editor"][data-mode="draw"]', { state: 'attached' })
  await page.locator('[data-testid="mask-size"]').fill('120')
  await page.mouse.move(300, 300)
  await page.mouse.down()
  const frames = await countFrames(page, (t) => page.mouse.move(500 + 250 * Math.sin(3 * t), 380 + 150 * Math.cos(2 * t)))
  await page.mouse.up()
  return frames
}

const { browser, close } = await openBrowser()
const inPage = async (
  shapes: ReturnType<typeof makeBoxes>,
  size: typeof picture,
  work: (page: Page, url: string) => Promise<void>,
) => {
  const mock = await startMock({ ...size, frames: 1, start: { shapes } })
  const page = await browser.newPage({ viewport: { width: 1280, height: 800 } })
  try {
    await work(page, mock.url)
  } finally {
    await page.close()
    mock.close()
  }
}

await inPage(makePolygons(10_000), picture, async (page, url) => {
  // The first time also compiles the page's code.
  await openPage(page, url)
  const work = await watchWork(page)
  const opened = await openPage(page, url)
  const text = `${(opened / 1000).toFixed(2)} s, ${((await work()) / 1000).toFixed(2)} s of the main thread`
  add('10,000 polygons of 20 points: opening', text, '< 1.5 s')
  const { pan, zoom } = await measureMoving(page)
  add('10,000 polygons: pan', tellMoving(pan), '≥ 50')
  add('10,000 polygons: zoom', tellMoving(zoom), '≥ 50')
  add('10,000 polygons: pointing at one to its highlight', `${(await measureHover(page)).toFixed(1)} ms`, '< 16 ms')
})
await inPage(makeBoxes(50_000), picture, async (page, url) => {
  await openPage(page, url)
  const { pan, zoom } = await measureMoving(page)
  add('50,000 boxes: pan', tellMoving(pan), '≥ 25')
  add('50,000 boxes: zoom', tellMoving(zoom), '≥ 25')
})
await inPage([], { width: 4000, height: 3000 }, async (page, url) => {
  await openPage(page, url)
  add('Brush of 120 pixels on a picture of 4000 × 3000', `${(await measureBrush(page)).toFixed(0)} frames/s`, '≥ 50')
})
await close()

const table = [
  '| What | Measured | Aim |',
  '| --- | ---: | ---: |',
  ...rows.map(({ what, value, limit }) => `| ${what} | ${value} | ${limit} |`),
].join('\n')
if (flags.print) console.log(`\n${table}`)
else
  writeSection('editor', 'bun run bench:editor', `${describeMachine()}; Chromium without a GPU, one process`, new Date(), table)
