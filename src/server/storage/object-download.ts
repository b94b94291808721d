// Brings objects of buckets onto this machine.
import { open, rm } from 'node:fs/promises'
import { StorageError } from './name'
import { fileNameOf } from './object-names'
import type { ObjectStore } from './object-store'
import { storage } from './storage'

/** A stream that fails as soon as it holds more than it may. */
export const boundObject = (stream: ReadableStream<Uint8Array>, maxBytes: number, name: string) => {
  let size = 0
  const counter = new TransformStream<Uint8Array, Uint8Array>({
    transform: (chunk, controller) => {
      size += chunk.length
      if (size > maxBytes) controller.error(new StorageError(`The object "${name}" is larger than ${maxBytes} bytes`))
      else controller.enqueue(chunk)
    },
  })
  return stream.pipeThrough(counter)
}

/** Writes an object to a file of this machine, whose path the caller has chosen without the object's name. */
export const saveObject = async (store: ObjectStore, name: string, path: string, maxBytes = Number.MAX_SAFE_INTEGER) => {
  const stream = boundObject(await store.stream(name), maxBytes, name)
  const file = await open(path, 'wx')
  try {
    for await (const chunk of stream)
      for (let done = 0; done < chunk.length; ) done += (await file.write(chunk, done)).bytesWritten
  } catch (error) {
    await rm(path, { force: true })
    throw error
  } finally {
    await file.close()
  }
}

/**
 * Copies an object into a folder of the storage under its own name, and answers that storage name.
 * Throws StorageError for names that are absolute or hold `..` (CVE-2026-47682), before anything is read.
 */
export const copyObject = async (store: ObjectStore, name: string, folder: string, maxBytes = Number.MAX_SAFE_INTEGER) => {
  const target = fileNameOf(folder, name)
  await storage().put(target, boundObject(await store.stream(name), maxBytes, name))
  return target
}
