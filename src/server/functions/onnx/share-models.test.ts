// A model that one host has added is there on another one with all of its files, and goes with it; what is of one host alone stays.
import { afterAll, beforeAll, describe, expect, test } from 'bun:test'
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { openTransport } from '../../storage/object-http'
import { openObjectStore } from '../../storage/object-store'
import { openShared } from '../../storage/shared-bucket'
import { isInstalled, standIns } from '../../storage/stand-ins'
import { setStorage } from '../../storage/storage'
import { fetchSharedModels, publishModel, withdrawModel } from './share-models'

describe.skipIf(!isInstalled('s3'))('models of hosts that share a bucket', () => {
  const home = mkdtempSync(join(tmpdir(), 'annolith-models-'))
  const [one, other] = [join(home, 'one'), join(home, 'other')]
  let stop: (() => Promise<void>) | undefined
  beforeAll(async () => {
    const s3 = await standIns.s3.start()
    stop = s3.stop
    await s3.createBucket('models')
    const open = async () => ({ store: await openObjectStore(s3.locate('models'), { transport: openTransport }), prefix: '' })
    setStorage(openShared({ open, folder: home, maxBytes: 2 ** 30 }))
    for (const folder of [one, other]) mkdirSync(folder)
  }, 60_000)
  afterAll(async () => {
    setStorage(undefined)
    rmSync(home, { recursive: true, force: true })
    await stop?.()
  })

  /** The list of the bucket may be some seconds old. */
  const untilFetched = async (isDone: () => boolean) => {
    while (!isDone()) {
      await fetchSharedModels(other)
      await Bun.sleep(50)
    }
  }

  test('comes and goes whole', async () => {
    mkdirSync(join(other, 'mine'))
    writeFileSync(join(other, 'mine/model.onnx'), 'mine')
    mkdirSync(join(one, 'finder@2'))
    writeFileSync(join(one, 'finder@2/model.onnx'), 'weights')
    writeFileSync(join(one, 'finder@2/model.yaml'), 'title: Finder')
    await publishModel(one, 'finder@2')
    await untilFetched(() => existsSync(join(other, 'finder@2')))
    expect(readdirSync(join(other, 'finder@2')).sort()).toEqual(['.shared', 'model.onnx', 'model.yaml'])
    expect(readFileSync(join(other, 'finder@2/model.onnx'), 'utf8')).toBe('weights')
    // A host that looked while it was still coming.
    rmSync(join(other, 'finder@2/model.onnx'))
    await untilFetched(() => existsSync(join(other, 'finder@2/model.onnx')))
    await withdrawModel('finder@2')
    await untilFetched(() => !existsSync(join(other, 'finder@2')))
    expect(readdirSync(other)).toEqual(['mine'])
  }, 60_000)
})
