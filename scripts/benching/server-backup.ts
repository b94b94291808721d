// How long a backup of the whole server takes, how long bringing it back, and how much memory: each step is a process of its own.
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { open } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { binaryPath, fromRoot } from '../build/paths.ts'

const mb = 2 ** 20
const fileMb = 64

/** Files of noise, each of its own content, in the places of media. */
const writeMedia = async (dataDir: string, megabytes: number) => {
  const noise = new Uint8Array(fileMb * mb)
  for (let at = 0; at < noise.length; at += 65_536) crypto.getRandomValues(noise.subarray(at, at + 65_536))
  for (let i = 0, left = megabytes; left > 0; i++, left -= fileMb) {
    const folder = join(dataDir, 'data', String(i + 1), 'raw')
    mkdirSync(folder, { recursive: true })
    crypto.getRandomValues(noise.subarray(0, 64))
    const file = await open(join(folder, 'video.bin'), 'w')
    await file.write(noise, 0, Math.min(left, fileMb) * mb)
    await file.close()
  }
}

/** Prints a table of the steps; `place` is a folder with room for three times as much. */
export const benchServerBackup = async (megabytes: number, fromSource: boolean, place = tmpdir()): Promise<void> => {
  const folder = mkdtempSync(join(place, 'annolith-bench-'))
  const [dataDir, target, restored] = ['data', 'backup', 'restored'].map((name) => join(folder, name)) as [string, string, string]
  const program = fromSource ? [process.execPath, fromRoot('src/main.ts')] : [binaryPath]
  const rows: string[] = []
  const run = async (what: string, ...args: string[]) => {
    const started = performance.now()
    const child = Bun.spawn([...program, ...args], {
      env: { PATH: process.env.PATH, HOME: folder, ANNOLITH_DATA_DIR: dataDir },
      stdin: args[0] === 'user' ? Buffer.from('good-enough-1') : 'ignore',
      stdout: 'ignore',
      stderr: 'inherit',
    })
    if ((await child.exited) !== 0) throw new Error(`annolith ${args.join(' ')} ended with ${child.exitCode}`)
    const seconds = (performance.now() - started) / 1000
    rows.push(`| ${what} | ${seconds.toFixed(1)} s | ${(child.resourceUsage()!.maxRSS / mb).toFixed(0)} MB |`)
    console.log(rows.at(-1))
  }
  try {
    mkdirSync(dataDir)
    await run('an account', 'user', 'create', '--username', 'admin', '--superuser', '--password-stdin')
    await writeMedia(dataDir, megabytes)
    await run(`first backup of ${megabytes} MB`, 'backup', 'create', target)
    writeFileSync(join(dataDir, 'data/1/raw/more.bin'), 'more')
    await run('next backup, one small file is new', 'backup', 'create', target)
    await run('verifying all of it', 'backup', 'verify', target)
    await run(`restoring ${megabytes} MB`, 'restore', target, '--data-dir', restored)
    console.log(['', '| what | time | peak of resident memory |', '|---|---:|---:|', ...rows].join('\n'))
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}
