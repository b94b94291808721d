// `bun run bench:scene`: opens a point cloud in headless Chromium: time to the sample and to the first points, frames a second while the view turns, memory. --points 10000000; --source: the program from its source; --print: only print it.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import type { Browser, Page } from 'playwright-core'
import { openBrowser } from '../tests/e2e/browser.ts'
import { describeMachine, readMemory } from './benching/machine.ts'
import { writeSection } from './benching/report.ts'
import { writeStreet } from './benching/street-cloud.ts'
import { fromRoot } from './build/paths.ts'
import { signIn, uploadMedia } from './client.ts'
import { findFreePort, startServer, stopServer, waitUntilReady } from './server-process.ts'

const { values: flags } = parseArgs({
  options: {
    points: { type: 'string', default: '10000000' },
    seconds: { type: 'string', default: '4' },
    source: { type: 'boolean' },
    print: { type: 'boolean' },
  },
})
const count = Number(flags.points)
const seconds = Number(flags.seconds)
const password = 'annolith-benchmark'
const patienceMs = 300_000

type Row = { what: string; value: string; limit: string }
const rows: Row[] = []
const add = (what: string, value: string, limit = '') => {
  rows.push({ what, value, limit })
  console.log(`${what}: ${value}${limit && ` (${limit})`}`)
}
const tellSeconds = (ms: number) => `${(ms / 1000).toFixed(2)} s`

const openPage = async (browser: Browser, url: string): Promise<Page> => {
  const page = await (await browser.newContext({ viewport: { width: 1280, height: 800 } })).newPage()
  await page.goto(`${url}/auth/login`)
  await page.getByTestId('login-username').fill('admin')
  await page.getByTestId('login-password').fill(password)
  await page.getByTestId('login-submit').click()
  await page.waitForURL((address) => address.pathname !== '/auth/login')
  return page
}

/** Waits for a figure of the panel of viewing aids. */
const untilFigure = (page: Page, test: string) =>
  page.waitForFunction(
    (words) => {
      const panel = document.querySelector<HTMLElement>('[data-testid="look-panel"]')
      const [name, least] = words.split(' ') as [string, string]
      return panel !== null && Number(panel.dataset[name] === 'true' ? 1 : panel.dataset[name]) >= Number(least)
    },
    test,
    { timeout: patienceMs, polling: 20 },
  )

/** Milliseconds from the address to the first points on the screen. */
const openJob = async (page: Page, address: string): Promise<number> => {
  const started = performance.now()
  await page.goto(address)
  await untilFigure(page, 'drawn 1')
  await page.waitForSelector('[data-testid="editor"][data-busy="false"]', { state: 'attached', timeout: patienceMs })
  return performance.now() - started
}

/** Frames a second that are shown while the view is turned by hand. */
const turn = async (page: Page): Promise<number> => {
  const box = (await page.getByTestId('view-perspective').boundingBox())!
  const [x, y] = [box.x + box.width / 2, box.y + box.height / 2]
  const start = () =>
    page.evaluate(() => {
      const frames = { count: 0, started: performance.now(), on: true }
      Object.assign(window, { frames })
      const tick = () => {
        frames.count++
        if (frames.on) requestAnimationFrame(tick)
      }
      requestAnimationFrame(tick)
    })
  const read = () =>
    page.evaluate(() => {
      const { frames } = window as unknown as { frames: { count: number; started: number; on: boolean } }
      frames.on = false
      return (1000 * frames.count) / (performance.now() - frames.started)
    })
  await page.mouse.move(x, y)
  await page.mouse.down()
  const sway = async (forSeconds: number) => {
    const began = performance.now()
    for (let t = 0; t < forSeconds; t = (performance.now() - began) / 1000)
      await page.mouse.move(x + 150 * Math.sin(2 * t), y + 40 * Math.sin(3 * t))
  }
  // The budget that adapts has to find itself first.
  await sway(3)
  await start()
  await sway(seconds)
  const framesASecond = await read()
  await page.mouse.up()
  return framesASecond
}

const readTab = async (browser: Browser) => {
  const session = await browser.newBrowserCDPSession()
  const { processInfo } = await session.send('SystemInfo.getProcessInfo')
  const sum = (type: string) =>
    processInfo.filter((one) => one.type === type).reduce((total, { id }) => total + readMemory(id).pssMb, 0)
  return { tabMb: sum('renderer'), gpuMb: sum('GPU') }
}

const folder = mkdtempSync(join(tmpdir(), 'annolith-bench-scene-'))
const dataDir = join(folder, 'data')
const source = join(folder, 'annolith')
writeFileSync(source, `#!/bin/sh\nexec ${process.execPath} ${fromRoot('src/main.ts')} "$@"\n`, { mode: 0o755 })
const server = startServer({
  ...{ dataDir, host: '127.0.0.1', port: findFreePort(), env: { ANNOLITH_ADMIN_PASSWORD: password } },
  ...(flags.source && { binary: source }),
})
try {
  if (!(await waitUntilReady(server))) throw new Error(`the program did not answer; see ${dataDir}/annolith.log`)
  const client = await signIn(server.url, 'admin', password)
  const cloud = join(folder, 'street.pcd')
  await writeStreet(count, cloud)
  const task = await client.send('POST', '/api/tasks', { name: 'street', labels: [{ name: 'car', attributes: [] }] })
  await uploadMedia(client, task.id, [['street.pcd', Bun.file(cloud)]])
  const job = (await client.get(`/api/jobs?task_id=${task.id}`)).results[0].id
  const address = `${server.url}/tasks/${task.id}/jobs/${job}`
  const { browser, close } = await openBrowser()
  try {
    const first = await openPage(browser, server.url)
    const asked = performance.now()
    add('a sample while the tiles are made, from the address on', tellSeconds(await openJob(first, address)), 'limit 5 s')
    await untilFigure(first, 'progress 1')
    add('tiles made', tellSeconds(performance.now() - asked))
    await first.context().close()

    const page = await openPage(browser, server.url)
    const started = performance.now()
    add('first points once tiled, from the address on', tellSeconds(await openJob(page, address)), 'limit 2 s')
    await untilFigure(page, 'full 1')
    const figures = await page.getByTestId('look-panel').evaluate((one) => ({ ...(one as HTMLElement).dataset }))
    const drawn = Number(figures.drawn).toLocaleString('en')
    add(`the resting view complete (${drawn} points)`, tellSeconds(performance.now() - started))
    await page.getByTestId('side-part-look').click()
    for (const budget of [10_000, 50_000, 100_000, 0]) {
      await page.getByTestId('look-budget-choice').selectOption(String(budget))
      const frames = `${(await turn(page)).toFixed(0)} frames/s`
      if (budget > 0) add(`turning, ${budget.toLocaleString('en')} points`, frames)
      else {
        // The panel tells a moment after the view has come to rest.
        await Bun.sleep(1000)
        const found = await page.getByTestId('look-panel').evaluate((one) => (one as HTMLElement).dataset.budget)
        add(`turning, budget that adapts (${Number(found).toLocaleString('en')} points)`, frames, 'limit 20')
      }
    }
    await untilFigure(page, 'full 1')
    const { tabMb, gpuMb } = await readTab(browser)
    const kept = await page.getByTestId('look-panel').evaluate((one) => Number((one as HTMLElement).dataset.bytes))
    add('memory of the server (PSS)', `${readMemory(server.pid).pssMb.toFixed(0)} MB`)
    add('memory of the tab, and of the process that draws', `${tabMb.toFixed(0)} MB, ${gpuMb.toFixed(0)} MB`)
    add('points kept by the tab', `${(kept / 2 ** 20).toFixed(0)} MB`, 'limit 256 MB')
  } finally {
    await close()
  }
} finally {
  await stopServer(dataDir, server)
  rmSync(folder, { recursive: true, force: true })
}

const table = [
  `| ${count.toLocaleString('en')} points in software rendering | measured | limit |`,
  '| --- | ---: | ---: |',
  ...rows.map(({ what, value, limit }) => `| ${what} | ${value} | ${limit.replace('limit ', '')} |`),
].join('\n')
if (flags.print) console.log(`\n${table}`)
else writeSection('scene', 'bun run bench:scene', describeMachine(), new Date(), table)
