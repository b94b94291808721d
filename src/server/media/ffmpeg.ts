// Finds and runs ffmpeg, with bounds: only local files, no playlists, limited time and memory.
import { existsSync } from 'node:fs'
import { basename, isAbsolute, join } from 'node:path'
import { config } from '../config'
import { MediaError } from './task-media'

/** Containers that may be opened. Playlists (HLS, DASH, concat) are left out: they could name any file of the server. */
const containers =
  'mov,mp4,m4a,3gp,3g2,mj2,matroska,webm,avi,mpegts,mpeg,mpegvideo,flv,asf,ogg,ivf,mxf,gxf,dv,nut,rm,wtv,h264,hevc,m4v,mjpeg,gif,obu'

/** Most memory that one run may address. */
const memoryKb = 6 * 2 ** 20
const stderrTailLength = 2000
/** Threads of each decoder, filter and encoder: more would cost memory and starve the others. */
export const ffmpegThreads = String(Math.max(1, Math.min(4, navigator.hardwareConcurrency)))

/** ffmpeg gets no secrets; without the limit on arenas every thread would reserve much address space. */
const environment = () => {
  const { PATH, LD_LIBRARY_PATH, LANG } = process.env
  return { PATH, LD_LIBRARY_PATH, LANG, MALLOC_ARENA_MAX: '2' }
}

const candidates = (): (string | null)[] => [
  config().ffmpeg,
  join(process.cwd(), 'node_modules/ffmpeg-static/ffmpeg'),
  Bun.which('ffmpeg', { PATH: process.env.PATH ?? '' }),
]

/** Path of ffmpeg, or undefined when this machine has none. */
export const findFfmpeg = (): string | undefined =>
  candidates().find((path): path is string => Boolean(path) && existsSync(path!))

/** Options that stand before `-i`. */
export const inputLimits = ['-protocol_whitelist', 'file,pipe', '-format_whitelist', containers, '-threads', ffmpegThreads]

export type FfmpegRun = {
  args: string[]
  timeoutMs: number
  /** Called with the output in order; the run waits for it. */
  onOutput?: (bytes: Uint8Array) => void | Promise<void>
  /** Called with every line of the log. */
  onLine?: (line: string) => void
  signal?: AbortSignal
}

/** Runs that have not ended, by process id; a thread tells its pool so that none outlives it. */
export const runningFfmpegs = new Map<number, Bun.Subprocess>()
let tell: (event: { started?: number; ended?: number }) => void = () => {}
export const onFfmpeg = (listener: typeof tell) => {
  tell = listener
}

const readLines = async (stream: ReadableStream<Uint8Array>, onLine: (line: string) => void) => {
  const decoder = new TextDecoder()
  let rest = ''
  for await (const part of stream) {
    const lines = (rest + decoder.decode(part, { stream: true })).split(/[\r\n]+/)
    rest = lines.pop() ?? ''
    for (const line of lines) onLine(line)
  }
  if (rest) onLine(rest)
}

/** What people are told names no folder of the server. */
const hidePaths = (text: string, args: string[]) =>
  args.filter(isAbsolute).reduce((rest, path) => rest.replaceAll(path, basename(path)), text)

/** Runs ffmpeg to its end. Throws MediaError with the end of its log when it fails, is missing or takes too long. */
export const runFfmpeg = async ({ args, timeoutMs, onOutput, onLine, signal }: FfmpegRun): Promise<void> => {
  const program = findFfmpeg()
  if (!program)
    throw new MediaError('videos need the program ffmpeg, which is not installed on the server (ANNOLITH_FFMPEG names it)')
  signal?.throwIfAborted()
  const command = [program, '-hide_banner', '-nostdin', '-nostats', ...args]
  const limited = ['/bin/sh', '-c', `ulimit -v ${memoryKb} 2>/dev/null; exec "$@"`, 'sh', ...command]
  const child = Bun.spawn(process.platform === 'win32' ? command : limited, {
    stdin: 'ignore',
    stdout: 'pipe',
    stderr: 'pipe',
    env: environment(),
  })
  runningFfmpegs.set(child.pid, child)
  tell({ started: child.pid })
  let late = false
  const timer = setTimeout(() => {
    late = true
    child.kill('SIGKILL')
  }, timeoutMs)
  const stop = () => child.kill('SIGKILL')
  signal?.addEventListener('abort', stop, { once: true })
  let tail = ''
  const readOutput = async () => {
    for await (const bytes of child.stdout) await onOutput?.(bytes)
  }
  const readLog = () =>
    readLines(child.stderr, (line) => {
      tail = `${tail}${line}\n`.slice(-stderrTailLength)
      onLine?.(line)
    })
  try {
    await Promise.all([readOutput(), readLog(), child.exited])
  } finally {
    clearTimeout(timer)
    signal?.removeEventListener('abort', stop)
    if (child.exitCode === null && child.signalCode === null) child.kill('SIGKILL')
    runningFfmpegs.delete(child.pid)
    tell({ ended: child.pid })
  }
  signal?.throwIfAborted()
  if (late) throw new MediaError(`ffmpeg took longer than ${Math.round(timeoutMs / 1000)} seconds and was stopped`)
  if (child.exitCode !== 0)
    throw new MediaError(`ffmpeg failed (${child.signalCode ?? child.exitCode}): ${hidePaths(tail, args).trim()}`)
}

/** The part of a failure's log that tells people most: its last line. */
export const lastLine = (error: unknown) => (error as Error).message.trim().split('\n').at(-1) ?? ''

/** Version of ffmpeg as it tells it, such as 7.1. Throws MediaError when it does not start. */
export const readFfmpegVersion = async (): Promise<string> => {
  const parts: Uint8Array[] = []
  await runFfmpeg({ args: ['-version'], timeoutMs: 10_000, onOutput: (bytes) => void parts.push(bytes) })
  return /^ffmpeg version n?(\S+)/m.exec(Buffer.concat(parts).toString())?.[1] ?? 'of an unknown version'
}
