// The bytes of uploads: one growing file each, or, where storage is a bucket, pieces that any host may add until they are put together.
import { mkdir, opendir, open as openFile, rm, stat } from 'node:fs/promises'
import { dirname } from 'node:path'
import { storage, temporaryFile } from '../storage/storage'

const folder = 'uploads'
/** Storage name of the bytes of an upload; in a bucket it is there when all have arrived. */
export const uploadFile = (id: string) => `${folder}/${id}`
const pieceFolder = (id: string) => `${folder}/pieces-${id}`
const pieceName = (id: string, offset: number) => `${pieceFolder(id)}/${String(offset).padStart(15, '0')}`

/** How many bytes were written; `sync` puts them on disk. */
type Sink = { write: (chunk: Uint8Array) => Promise<void>; end: (isWhole: boolean) => Promise<void> }

const openLocal = async (path: string, flags: 'wx' | 'r+', at: number): Promise<Sink> => {
  const file = await openFile(path, flags).catch(async (error) => {
    if (error.code !== 'ENOENT') throw error
    await mkdir(dirname(path), { recursive: true })
    return openFile(path, flags === 'r+' ? 'w+' : flags)
  })
  return {
    write: async (chunk) => {
      for (let done = 0; done < chunk.length; ) {
        const { bytesWritten } = await file.write(chunk, done, chunk.length - done, at)
        done += bytesWritten
        at += bytesWritten
      }
    },
    end: async (isWhole) => {
      try {
        if (isWhole) await file.datasync()
      } finally {
        await file.close()
      }
    },
  }
}

type Piece = { offset: number; size: number; modified: Date; name: string }

/** Pieces in the order of their offsets; they may overlap where a connection broke and another one went on. */
const listPieces = async (id: string): Promise<Piece[]> => {
  const names = (await Array.fromAsync(storage().list(pieceFolder(id)))).sort()
  const found = await Promise.all(names.map(async (name) => ({ name, stat: await storage().stat(name) })))
  return found.flatMap(({ name, stat }) => (stat ? { ...stat, name, offset: Number(name.split('/').at(-1)) } : []))
}

const reachOf = (pieces: Piece[]) => pieces.reduce((at, { offset, size }) => (offset <= at ? Math.max(at, offset + size) : at), 0)

/** Keeps a piece on this machine until its connection ends; then all of it counts, or nothing if this process dies before. */
const openPiece = async (id: string, offset: number): Promise<Sink> => {
  const path = await temporaryFile()
  const local = await openLocal(path, 'wx', 0)
  return {
    write: local.write,
    end: async (isWhole) => {
      try {
        await local.end(false)
        if ((await stat(path)).size) await storage().put(pieceName(id, offset), Bun.file(path))
        if (isWhole) await joinPieces(id)
      } finally {
        await rm(path, { force: true })
      }
    },
  }
}

/** Makes one object out of the pieces and removes them; may be repeated. */
const joinPieces = async (id: string): Promise<void> => {
  const pieces = await listPieces(id)
  if (!pieces.length) await storage().put(uploadFile(id), '')
  else if (pieces.length === 1) await storage().move(pieces[0]!.name, uploadFile(id))
  else {
    const path = await temporaryFile()
    try {
      const whole = await openLocal(path, 'wx', 0)
      let at = 0
      for (const { name, offset, size } of pieces) {
        if (offset + size <= at) continue
        for await (const chunk of await storage().stream(name, { start: at - offset })) await whole.write(chunk)
        at = offset + size
      }
      await whole.end(false)
      await storage().put(uploadFile(id), Bun.file(path))
    } finally {
      await rm(path, { force: true })
    }
    await storage().remove(pieceFolder(id))
  }
}

/** Opens an upload for its first bytes; `end(true)` when all have come, `end(false)` otherwise. */
export const openNewUpload = (id: string): Promise<Sink> =>
  storage().root === undefined ? openPiece(id, 0) : openLocal(storage().localPath(uploadFile(id)), 'wx', 0)
/** Opens an upload that has come as far as `offset`. */
export const openUploadAt = (id: string, offset: number): Promise<Sink> =>
  storage().root === undefined ? openPiece(id, offset) : openLocal(storage().localPath(uploadFile(id)), 'r+', offset)

/** Bytes that have arrived. */
export const readOffset = async (id: string): Promise<number> => {
  const whole = await storage().stat(uploadFile(id))
  return whole?.size ?? (storage().root === undefined ? reachOf(await listPieces(id)) : 0)
}

/** When the last bytes came; undefined when there are none. */
export const readLastChange = async (id: string): Promise<Date | undefined> => {
  const whole = await storage().stat(uploadFile(id))
  return whole?.modified ?? (storage().root === undefined ? (await listPieces(id)).at(-1)?.modified : undefined)
}

export const removeUploadBytes = async (id: string): Promise<void> => {
  await storage().remove(uploadFile(id))
  if (storage().root === undefined) await storage().remove(pieceFolder(id))
}

/** Ids of everything that bytes have arrived of. */
export async function* listUploadBytes(): AsyncGenerator<string> {
  if (storage().root === undefined) {
    const seen = new Set<string>()
    for await (const name of storage().list(folder)) {
      const id = name.split('/')[1]!.replace(/^pieces-/, '')
      if (seen.size !== seen.add(id).size) yield id
    }
    return
  }
  const entries = await opendir(storage().localPath(folder)).catch(() => undefined)
  for await (const entry of entries ?? []) if (entry.isFile()) yield entry.name
}
