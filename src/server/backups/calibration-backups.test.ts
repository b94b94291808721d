// Backups of tasks keep the calibration of their cameras; damaged lists of it are named.
import { expect, setDefaultTimeout, test } from 'bun:test'
import { get, getOwner, paint, pcdOf, taskOf, zipOf } from '../data/task-fixture'
import { changeBackup, restoreBackup, takeBackup } from './testing'

setDefaultTimeout(60_000)

const calibration = JSON.stringify({
  calibrated_sensor: [
    { channel: 'CAM', translation: [1, 0, 1], rotation: [0.5, -0.5, 0.5, -0.5], camera_intrinsic: [[40, 0, 32], [0, 40, 24], [0, 0, 1]] }, // biome-ignore format: matrix
  ],
  ego_pose: [{ translation: [7, 0, 0], rotation: [1, 0, 0, 0] }],
})
const files = async () =>
  zipOf([
    ['pointcloud/0.pcd', pcdOf([[1, 2, 3]])],
    ['related_images/0_pcd/CAM.png', await paint('png')],
    ['calibration.json', new TextEncoder().encode(calibration)],
  ])

test('calibration goes along and comes back', async () => {
  const person = await getOwner()
  const task = await taskOf([['all.zip', await files()]])
  const there = (await get(`/api/tasks/${task}/calibration`)).json
  expect([there.cameras.length, there.frames[0].pose.translation]).toEqual([1, [7, 0, 0]])
  const { bytes, files: entries } = await takeBackup(person, 'task', task)
  expect(Object.keys(entries).filter((name) => name.startsWith('calibration/'))).toEqual([
    'calibration/names.json',
    'calibration/0',
  ])
  const restored = await restoreBackup(person, 'task', bytes)
  expect(restored.message).toBe('')
  const { updated_date: _, ...again } = (await get(`/api/tasks/${restored.result_id}/calibration`)).json
  const { updated_date: __, ...before } = there
  expect(again).toEqual(before)

  for (const [changes, reason] of [
    [{ 'calibration/names.json': '{' }, 'calibration/names.json: a list of file names is needed'],
    [{ 'calibration/0': null }, 'calibration/0: This file of a backup is missing'],
  ] as const) {
    const broken = await restoreBackup(person, 'task', changeBackup(bytes, changes))
    expect([broken.status, broken.message]).toEqual(['failed', expect.stringContaining(reason)])
  }
})
