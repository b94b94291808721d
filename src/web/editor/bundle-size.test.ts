// The editor arrives quickly: its script is smaller than 500 KB compressed.
import { expect, test } from 'bun:test'
import { join } from 'node:path'

const limitBytes = 500_000

test('the bundle stays below its limit', async () => {
  const built = await Bun.build({
    entrypoints: [join(import.meta.dir, 'main.ts')],
    target: 'browser',
    minify: true,
    splitting: true,
  })
  expect(built.success).toBe(true)
  // What is loaded on demand comes in files of its own.
  const entry = built.outputs.find((one) => one.kind === 'entry-point')!
  const bytes = Bun.gzipSync(new Uint8Array(await entry.arrayBuffer())).length
  expect(bytes).toBeGreaterThan(50_000)
  expect(bytes).toBeLessThan(limitBytes)
  // Point clouds have a bundle of their own.
  expect(await entry.text()).not.toContain('WebGLRenderer')
})
