// One writer per target: whoever writes or prunes backups leaves a mark there, which counts for nothing once its process is gone.
import { ConfigError } from '../config'
import { hasEnded, processMark } from '../queue/process-mark'
import type { Storage } from '../storage/storage'

const markFile = 'busy.json'
const beatMs = 20_000
/** A mark of another host that nobody has renewed for this long was left behind. */
const staleMs = 300_000

/** `beat` in ms; `id` tells writers of one process apart. */
type Mark = { id: string; owner: string; beat: number }

/** Somebody else writes to the target just now. */
export class TargetBusy extends ConfigError {}

const readMark = async (target: Storage): Promise<Mark | undefined> => {
  if (!(await target.stat(markFile))) return undefined
  try {
    return JSON.parse(new TextDecoder().decode(await target.get(markFile))) as Mark
  } catch {
    // Gone meanwhile, or half a mark: nobody holds the target by it.
    return undefined
  }
}

const isHeld = (mark: Mark | undefined): mark is Mark =>
  Boolean(mark && !hasEnded(mark.owner) && Date.now() - mark.beat < staleMs)

const refuse = (mark: Mark) =>
  new TargetBusy(`another backup is written there by process ${mark.owner.split(' ')[1]} on ${mark.owner.split(' ')[0]}`)

/**
 * Does `work` while no other process writes to the target: what one has found there, another must not remove. Throws TargetBusy when
 * somebody else is at it.
 */
export const holdTarget = async <T>(target: Storage, work: () => Promise<T>): Promise<T> => {
  const before = await readMark(target)
  if (isHeld(before)) throw refuse(before)
  const id = crypto.randomUUID()
  const renew = () => target.put(markFile, JSON.stringify({ id, owner: processMark(), beat: Date.now() } satisfies Mark))
  await renew()
  // Of two that came at the same moment the one stays whose mark lasts.
  const now = await readMark(target)
  if (now && now.id !== id) throw refuse(now)
  const timer = setInterval(() => renew().catch(() => {}), beatMs)
  try {
    return await work()
  } finally {
    clearInterval(timer)
    await target.remove(markFile)
  }
}
