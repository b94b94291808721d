// Makes small videos for tests: frame n is plain grey of level 4·n, so a decoded frame tells its number.
import { mkdtempSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

export const testFrames = 60
const levelStep = 4

const run = async (command: string[], input?: Uint8Array) => {
  const child = Bun.spawn(command, { stdin: input ?? 'ignore', stdout: 'pipe', stderr: 'pipe' })
  const [bytes, log] = await Promise.all([new Response(child.stdout).bytes(), new Response(child.stderr).text(), child.exited])
  if (child.exitCode !== 0) throw new Error(log)
  return bytes
}

export const makeFolder = (name: string) => mkdtempSync(join(tmpdir(), `annolith-${name}-`))
export const runTool = (...args: string[]) => run(['ffmpeg', '-hide_banner', '-loglevel', 'error', '-nostdin', '-y', ...args])

/** Encodes the grey frames with ffmpeg's `args`, which end with the path. */
export const makeVideo = async (args: string[], { width = 64, height = 48, frames = testFrames, rate = 25 } = {}) => {
  const raw = new Uint8Array(width * height * 3 * frames)
  for (let n = 0; n < frames; n++) raw.fill(n * levelStep, n * width * height * 3, (n + 1) * width * height * 3)
  const input = ['-f', 'rawvideo', '-pix_fmt', 'rgb24', '-s', `${width}x${height}`, '-r', String(rate), '-i', 'pipe:0']
  await run(['ffmpeg', '-hide_banner', '-loglevel', 'error', '-y', ...input, ...args], raw)
  return args.at(-1)!
}

/** Frame numbers and sizes found in a video or picture, with the largest deviation of any value from its plain level. */
export const readNumbers = async (path: string) => {
  const pictures = await runTool('-i', path, '-sws_flags', 'accurate_rnd', '-c:v', 'ppm', '-f', 'image2pipe', 'pipe:1')
  const numbers: number[] = []
  let [width, height, worst] = [0, 0, 0]
  for (let start = 0; start < pictures.length; ) {
    // A PPM is `P6`, width, height and 255 as text, each followed by one blank, then the values.
    const [header, ...size] = /^P6\s(\d+)\s(\d+)\s255\s/.exec(
      new TextDecoder('latin1').decode(pictures.subarray(start, start + 40)),
    )!
    ;[width, height] = size.map(Number) as [number, number]
    const frame = pictures.subarray(start + header.length, start + header.length + width * height * 3)
    const number = Math.round(frame.reduce((sum, value) => sum + value, 0) / frame.length / levelStep)
    for (const value of frame) worst = Math.max(worst, Math.abs(value - number * levelStep))
    numbers.push(number)
    start += header.length + frame.length
  }
  return { numbers, worst, width, height }
}
