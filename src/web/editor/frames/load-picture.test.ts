// Pictures come from the server until the video is open, and again when it fails.
import { expect, test } from 'bun:test'
import { loadFromVideo, loadOriginal } from './load-picture'

const picture = (name: string) => name as unknown as ImageBitmap
const signal = new AbortController().signal
const otherwise = async (frame: number) => picture(`server ${frame}`)

test('the video takes over when it is open, and gives way for good when it fails', async () => {
  let isBroken = false
  const get = async (frame: number) => {
    if (isBroken) throw new Error('decoder gone')
    return picture(`video ${frame}`)
  }
  const { promise, resolve } = Promise.withResolvers<{ get: typeof get }>()
  const load = loadFromVideo(promise, otherwise)
  expect(await load(1, signal)).toBe(picture('server 1'))
  resolve({ get })
  await promise
  expect(await load(2, signal)).toBe(picture('video 2'))
  isBroken = true
  expect(await load(3, signal)).toBe(picture('server 3'))
  isBroken = false
  expect(await load(4, signal)).toBe(picture('server 4'))
})

test('a browser that cannot decode it stays with the server; an aborted wish is no failure', async () => {
  expect(await loadFromVideo(Promise.resolve(null), otherwise)(5, signal)).toBe(picture('server 5'))
  const abort = new AbortController()
  const get = (_frame: number, given?: AbortSignal) =>
    given?.aborted ? Promise.reject(given.reason) : Promise.resolve(picture('video'))
  const load = loadFromVideo(Promise.resolve({ get }), otherwise)
  await Promise.resolve()
  abort.abort(new Error('not wanted'))
  expect(load(6, abort.signal)).rejects.toThrow('not wanted')
  expect(await load(6, signal)).toBe(picture('video'))
})

test('originals are shown when they are wanted and can be', async () => {
  let isWanted = false
  const original = async (frame: number) => {
    if (frame === 9) throw new Error('a kind that browsers do not know')
    return picture(`original ${frame}`)
  }
  const load = loadOriginal(() => isWanted, original, otherwise)
  expect(await load(1, signal)).toBe(picture('server 1'))
  isWanted = true
  expect(await load(1, signal)).toBe(picture('original 1'))
  expect(await load(9, signal)).toBe(picture('server 9'))
})
