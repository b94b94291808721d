// The official Python client against cloud storages and the share: every check_* function of checks_storages.py is one test.
import { afterAll, beforeAll, describe } from 'bun:test'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { openTransport } from '../../src/server/storage/object-http'
import { openObjectStore, type S3Location } from '../../src/server/storage/object-store'
import { isInstalled, type StandIn, standIns } from '../../src/server/storage/stand-ins'
import { type Server, startServer } from '../server'
import { describeChecks } from './run-checks'

/** A white PNG of 32 × 16 pixels. */
const paint = async () => {
  const bytes = new Uint8Array(54 + 32 * 16 * 3).fill(255, 54)
  const view = new DataView(bytes.buffer)
  bytes.set([0x42, 0x4d])
  view.setUint32(2, bytes.length, true)
  view.setUint32(10, 54, true)
  view.setUint32(14, 40, true)
  view.setInt32(18, 32, true)
  view.setInt32(22, 16, true)
  view.setUint16(26, 1, true)
  view.setUint16(28, 24, true)
  return new Uint8Array(await new Bun.Image(bytes).png().bytes())
}

describe.skipIf(!isInstalled('s3'))('storages', () => {
  const share = mkdtempSync(join(tmpdir(), 'annolith-sdk-share-'))
  let server: Server | undefined
  let standIn: StandIn | undefined

  beforeAll(async () => {
    const picture = await paint()
    mkdirSync(join(share, 'folder'))
    writeFileSync(join(share, 'folder/in.jpg'), picture)
    writeFileSync(join(share, 'top.png'), picture)
    standIn = await standIns.s3.start()
    await standIn.createBucket('pictures')
    const store = await openObjectStore(standIn.locate('pictures'), { transport: openTransport })
    for (const name of ['sub/a.png', 'sub/b.png']) await store.put(name, new Blob([picture]))
    const lines = [{ version: '1.1' }, { type: 'images' }, { name: 'a', extension: '.png', width: 32, height: 16 }]
    await store.put('sub/manifest.jsonl', new Blob([lines.map((line) => JSON.stringify(line)).join('\n')]))
    server = await startServer({ ANNOLITH_OUTBOUND_ALLOW: '127.0.0.1', ANNOLITH_SHARE_DIR: share })
  }, 120_000)
  afterAll(async () => {
    await server?.remove()
    await standIn?.stop()
    rmSync(share, { recursive: true, force: true })
  })

  describeChecks('checks_storages', () => {
    const { endpoint } = standIn!.locate('pictures') as S3Location
    return { server: server!, env: { S3_URL: endpoint! } }
  })
})
