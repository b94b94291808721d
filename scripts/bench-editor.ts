// `bun run bench:editor`: opens the 2D editor in headless Chromium on crowded frames and measures opening, moving, pointing, painting and playing. --print: only print it; --frames: how many are played.
import { parseArgs } from 'node:util'
import type { Page } from 'playwright-core'
import { openBrowser } from '../tests/e2e/browser.ts'
import { type MockOptions, makeShape, startMock } from '../tests/e2e/editor-harness.ts'
import { describeMachine } from './benching/machine.ts'
import { createRandom } from './benching/pictures.ts'
import { writeSection } from './benching/report.ts'

const { values: flags } = parseArgs({
  options: {
    print: { type: 'boolean' },
    seconds: { type: 'string', default: '2' },
    frames: { type: 'string', default: '10000' },
  },
})
const seconds = Number(flags.seconds)
const playedFrames = Number(flags.frames)
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

/** CPU time of the main thread for a step of a pointer that goes over objects, all that the browser does for it included (ms). */
const measureHoverWork = async (page: Page): Promise<number> => {
  const work = await watchWork(page)
  const frames = await countFrames(page, (t) => page.mouse.move(250 + 200 * t, 300 + 60 * Math.sin(5 * t)))
  return (await work()) / (frames * seconds)
}

/** Counts decoded pictures that live: made and not yet closed. */
const countBitmaps = (page: Page) =>
  page.addInitScript(() => {
    const live = { now: 0, most: 0 }
    Object.assign(window, { liveBitmaps: live })
    const make = window.createImageBitmap
    const counted = async (...given: Parameters<typeof make>) => {
      const made = await make(...given)
      live.now += 1
      live.most = Math.max(live.most, live.now)
      return made
    }
    window.createImageBitmap = counted as typeof make
    const close = ImageBitmap.prototype.close
    ImageBitmap.prototype.close = function () {
      if (this.width > 0) live.now -= 1
      close.call(this)
    }
    localStorage.setItem('annolith-editor', JSON.stringify({ settings: { speed: 100 } }))
  })

type Memory = { heapMb: number; nodes: number; bitmaps: number }

const readMemory = async (page: Page): Promise<Memory> => {
  const session = await page.context().newCDPSession(page)
  await session.send('HeapProfiler.collectGarbage')
  await session.send('Performance.enable')
  const { metrics } = await session.send('Performance.getMetrics')
  await session.detach()
  const read = (name: string) => metrics.find((one) => one.name === name)?.value ?? Number.NaN
  const bitmaps = await page.evaluate(() => (window as unknown as { liveBitmaps: { now: number } }).liveBitmaps.now)
  return { heapMb: read('JSHeapUsedSize') / 2 ** 20, nodes: read('Nodes'), bitmaps }
}

/** Plays to the end; what the tab holds after a tenth of the way, and at the end. */
const measurePlaying = async (page: Page): Promise<{ early: Memory; late: Memory; framesPerSecond: number }> => {
  const reached = (frame: number) =>
    page.waitForFunction(
      (wanted) => Number((document.querySelector('[data-testid="editor"]') as HTMLElement).dataset.frame) >= wanted,
      frame,
      { polling: 250, timeout: 30 * 60_000 },
    )
  const started = performance.now()
  await page.keyboard.press('Space')
  await reached(Math.floor(playedFrames / 10))
  const early = await readMemory(page)
  await reached(playedFrames - 1)
  const framesPerSecond = (1000 * playedFrames) / (performance.now() - started)
  await page.waitForSelector('[data-testid="editor"][data-busy="false"]', { state: 'attached' })
  return { early, late: await readMemory(page), framesPerSecond }
}

/** Tracks over all frames, with a key frame every hundred. */
const makeTracks = (count: number) =>
  Array.from({ length: count }, (_, i) => ({
    id: i + 1,
    frame: 0,
    label_id: 11,
    group: 0,
    source: 'manual' as const,
    attributes: [{ spec_id: 101, value: 'red' }],
    elements: [],
    shapes: Array.from({ length: Math.ceil(playedFrames / 100) }, (_shape, k) => {
      const [x, y] = [random() * 560, random() * 300]
      const look = { rotation: 0, occluded: false, outside: false, z_order: 0 }
      const attributes = [{ spec_id: 102, value: 'false' }]
      return { type: 'rectangle' as const, frame: 100 * k, points: [x, y, x + 60, y + 40], ...look, attributes }
    }),
  }))

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
const inPage = async (start: MockOptions['start'], size: MockOptions, work: (page: Page, url: string) => Promise<void>) => {
  const mock = await startMock({ frames: 1, ...size, start })
  const page = await browser.newPage({ viewport: { width: 1280, height: 800 } })
  try {
    await work(page, mock.url)
  } finally {
    await page.close()
    mock.close()
  }
}

await inPage({ shapes: makePolygons(10_000) }, picture, async (page, url) => {
  // The first time also compiles the page's code.
  await openPage(page, url)
  const work = await watchWork(page)
  const opened = await openPage(page, url)
  const text = `${(opened / 1000).toFixed(2)} s, ${((await work()) / 1000).toFixed(2)} s of the main thread`
  add('10,000 polygons of 20 points: opening', text, '< 1.5 s')
  const { pan, zoom } = await measureMoving(page)
  add('10,000 polygons: pan', tellMoving(pan), '≥ 50')
  add('10,000 polygons: zoom', tellMoving(zoom), '≥ 50')
  const hover = `${(await measureHover(page)).toFixed(1)} ms, ${(await measureHoverWork(page)).toFixed(1)} ms of the main thread a frame`
  add('10,000 polygons: pointing at one to its highlight', hover, '< 16 ms')
})
await inPage({ shapes: makeBoxes(50_000) }, picture, async (page, url) => {
  await openPage(page, url)
  const { pan, zoom } = await measureMoving(page)
  add('50,000 boxes: pan', tellMoving(pan), '≥ 25')
  add('50,000 boxes: zoom', tellMoving(zoom), '≥ 25')
})
await inPage({}, { width: 4000, height: 3000 }, async (page, url) => {
  await openPage(page, url)
  add('Brush of 120 pixels on a picture of 4000 × 3000', `${(await measureBrush(page)).toFixed(0)} frames/s`, '≥ 50')
})
await inPage({ tracks: makeTracks(40) }, { width: 640, height: 360, frames: playedFrames, pictures: 50 }, async (page, url) => {
  await countBitmaps(page)
  await openPage(page, url)
  const { early, late, framesPerSecond } = await measurePlaying(page)
  const most = await page.evaluate(() => (window as unknown as { liveBitmaps: { most: number } }).liveBitmaps.most)
  const tell = ({ heapMb, nodes, bitmaps }: Memory) => `${heapMb.toFixed(0)} MB heap, ${nodes} nodes, ${bitmaps} pictures`
  const count = playedFrames.toLocaleString('en')
  add(`Playing ${count} frames with 40 tracks: the tab after a tenth of them`, tell(early), 'bounded')
  add(
    `Playing ${count} frames with 40 tracks: the tab at the end (${framesPerSecond.toFixed(0)} frames/s)`,
    `${tell(late)}, at most ${most}`,
    'as before, pictures of 400 MB',
  )
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
