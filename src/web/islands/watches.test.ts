// How watched folders are described.
import { expect, test } from 'bun:test'
import { describeWatch } from './watches'

const watch = {
  id: 3,
  origin: 'share' as const,
  cloud_storage_id: null,
  path: 'inbox',
  pattern: '',
  interval: 60,
  enabled: true,
  waiting: 0,
  unusable: [],
  last_message: '',
  problem: '',
}
const describe = (change: object) => describeWatch({ ...watch, ...change } as never, new Map([[7, 'Cameras']]))

test('where, which files, how often and what came of it', () => {
  expect(describe({})).toMatchObject({ place: 'Share: /inbox', note: 'every 60 s', state: 'on', action: 'Pause' })
  expect(describe({ pattern: '*.png' }).place).toBe('Share: /inbox/*.png')
  expect(describe({ origin: 'cloud_storage', cloud_storage_id: 7, path: 'cam/', pattern: 'x*' }).place).toBe('Cameras: /cam/x*')
  expect(describe({ origin: 'cloud_storage', cloud_storage_id: 9, path: '' }).place).toBe('Cloud storage: /')
  expect(describe({ enabled: false, waiting: 2, last_message: '3 frames added', unusable: ['a', 'b'] })).toMatchObject({
    note: 'paused · 3 frames added · 2 waiting · not usable: a, b',
    state: 'paused',
    action: 'Go on',
  })
})
