// Makes the pictures of the benchmark once: 1920 × 1080 JPEGs of shapes under noise, so that they neither compress away nor repeat.
import { existsSync } from 'node:fs'
import { mkdir, rename } from 'node:fs/promises'
import sharp from 'sharp'
import { fromRoot } from '../build/paths.ts'

const width = 1920
const height = 1080

/** A small seeded generator (mulberry32): the same pictures on every machine. */
export const createRandom = (seed: number) => () => {
  seed = (seed + 0x6d2b79f5) | 0
  let t = Math.imul(seed ^ (seed >>> 15), 1 | seed)
  t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t
  return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32
}

const drawShapes = (random: () => number) => {
  const shapes = Array.from({ length: 40 }, () => {
    const [x, y, size, hue] = [random() * width, random() * height, 20 + random() * 220, Math.floor(random() * 360)]
    return random() < 0.5
      ? `<ellipse cx="${x}" cy="${y}" rx="${size}" ry="${size / 2}" fill="hsl(${hue},60%,50%)" fill-opacity=".6"/>`
      : `<rect x="${x}" y="${y}" width="${size}" height="${size}" fill="hsl(${hue},60%,45%)" fill-opacity=".6"/>`
  })
  return Buffer.from(`<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}">${shapes.join('')}</svg>`)
}

/** Making noise takes most of the time: a few grounds are enough, as the shapes differ. */
const groundCount = 8
const makeGrounds = () =>
  Promise.all(
    Array.from({ length: groundCount }, (_, i) => {
      const noise = { type: 'gaussian' as const, mean: 100 + 8 * i, sigma: 12 }
      return sharp({ create: { width, height, channels: 3, background: '#808080', noise } })
        .raw()
        .toBuffer()
    }),
  )

const drawPicture = async (ground: Buffer, file: string, seed: number) => {
  const temporary = `${file}.part`
  await sharp(ground, { raw: { width, height, channels: 3 } })
    .composite([{ input: drawShapes(createRandom(seed)) }])
    .jpeg({ quality: 85 })
    .toFile(temporary)
  await rename(temporary, file)
}

/** Paths of `count` pictures in .tools/bench-data; those that exist are used again. */
export const makePictures = async (count: number): Promise<string[]> => {
  const folder = fromRoot('.tools/bench-data')
  await mkdir(folder, { recursive: true })
  const files = Array.from({ length: count }, (_, i) => `${folder}/frame-${String(i).padStart(4, '0')}.jpg`)
  const missing = files.map((file, i): [string, number] => [file, i]).filter(([file]) => !existsSync(file))
  if (!missing.length) return files
  console.log(`making ${missing.length} pictures …`)
  const grounds = await makeGrounds()
  await Promise.all(
    [0, 1].map(async () => {
      for (let next = missing.pop(); next; next = missing.pop()) await drawPicture(grounds[next[1] % groundCount]!, ...next)
    }),
  )
  return files
}
