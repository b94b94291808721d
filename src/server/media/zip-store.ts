// Writes a zip whose entries are stored as they are. Layout: PKWARE APPNOTE 6.3, sections 4.3.7 to 4.3.16; no zip64.
import { open } from 'node:fs/promises'

// 1 January 1980, the earliest date a zip can hold: the same content gives the same bytes.
const dosDate = 0x21
const maxBytes = 0xffff_ffff

const localHeader = (name: Buffer, bytes: Uint8Array, crc: number) => {
  const header = Buffer.alloc(30)
  header.writeUInt32LE(0x04034b50, 0)
  header.writeUInt16LE(10, 4)
  header.writeUInt16LE(dosDate, 12)
  header.writeUInt32LE(crc, 14)
  header.writeUInt32LE(bytes.length, 18)
  header.writeUInt32LE(bytes.length, 22)
  header.writeUInt16LE(name.length, 26)
  return Buffer.concat([header, name])
}

const directoryEntry = (local: Buffer, name: Buffer, offset: number) => {
  const entry = Buffer.alloc(46)
  entry.writeUInt32LE(0x02014b50, 0)
  entry.writeUInt16LE(20, 4)
  local.copy(entry, 6, 4, 30)
  entry.writeUInt32LE(offset, 42)
  return Buffer.concat([entry, name])
}

const directoryEnd = (count: number, size: number, offset: number) => {
  const end = Buffer.alloc(22)
  end.writeUInt32LE(0x06054b50, 0)
  end.writeUInt16LE(count, 8)
  end.writeUInt16LE(count, 10)
  end.writeUInt32LE(size, 12)
  end.writeUInt32LE(offset, 16)
  return end
}

/** Writes `entries` one after the other; only one of them is in memory. */
export const writeStoredZip = async (
  path: string,
  entries: AsyncIterable<{ name: string; bytes: Uint8Array }>,
): Promise<void> => {
  const file = await open(path, 'wx')
  try {
    let offset = 0
    const append = async (bytes: Uint8Array) => {
      for (let done = 0; done < bytes.length; ) done += (await file.write(bytes, done)).bytesWritten
      offset += bytes.length
      if (offset > maxBytes) throw new RangeError('the archive would be larger than 4 GiB')
    }
    const directory: Buffer[] = []
    for await (const { name, bytes } of entries) {
      const encoded = Buffer.from(name)
      const local = localHeader(encoded, bytes, Bun.hash.crc32(bytes))
      directory.push(directoryEntry(local, encoded, offset))
      await append(local)
      await append(bytes)
    }
    const start = offset
    const listing = Buffer.concat(directory)
    await append(listing)
    await append(directoryEnd(directory.length, listing.length, start))
  } finally {
    await file.close()
  }
}
