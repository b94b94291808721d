// Calibration of tasks: beside the clouds, in archives, through the API; who may, what is refused, and what a backup keeps.
import { describe, expect, setDefaultTimeout, test } from 'bun:test'
import { createPerson } from '../../../tests/api'
import { finishRequest } from '../backups/testing'
import { addCalibration } from '../data/calibration-files'
import { findCalibration, findMissingMedia, saveCalibration, storeCalibration } from '../data/service'
import { attach, createTask, get, getBytes, getOwner, kittiOf, type NamedBytes, paint, pcdOf, taskOf, zipOf } from '../data/task-fixture' // biome-ignore format: one source
import { runExport } from '../datasets/service'
import { tx } from '../db/open'
import { storage } from '../storage/storage'

setDefaultTimeout(60_000)

const bytes = (text: string) => new TextEncoder().encode(text)
const cloud = pcdOf([[1, 2, 3]])
const picture = await paint('png', 0x3366ff, 64, 48)
const other = await paint('png', 0x3366ff, 32, 32)

const kittiText = [
  'P0: 50 0 32 0 0 50 24 0 0 0 1 0',
  'P2: 50 0 32 5 0 50 24 0 0 0 1 0',
  'R0_rect: 1 0 0 0 1 0 0 0 1',
  'Tr_velo_to_cam: 0 -1 0 0 0 0 -1 0 1 0 0 -0.5',
  '',
].join('\n')
const kittiTask: NamedBytes[] = [
  ['k/velodyne_points/data/000000.bin', kittiOf([[1, 2, 3, 0.5]])],
  ['k/velodyne_points/data/000001.bin', kittiOf([[1, 2, 3, 0.5]])],
  ['k/image_02/data/000000.png', picture],
  ['k/image_02/data/000001.png', picture],
]

const forwards = [0.5, -0.5, 0.5, -0.5]
const sensorOf = (channel: string, more: object = {}) => ({
  channel,
  translation: [1, 0, 1],
  rotation: forwards,
  camera_intrinsic: [
    [40, 0, 32],
    [0, 40, 24],
    [0, 0, 1],
  ],
  ...more,
})
const poseOf = (x: number, more: object = {}) => ({ translation: [x, 0, 0], rotation: [1, 0, 0, 0], ...more })
const nuscenes = (more: object = {}, sensor: object = {}) =>
  JSON.stringify({ calibrated_sensor: [sensorOf('CAM_FRONT', sensor)], ...more })
const plainTask: NamedBytes[] = [0, 1].flatMap((n): NamedBytes[] => [
  [`pointcloud/${n}.pcd`, cloud],
  [`related_images/${n}_pcd/CAM_FRONT.png`, picture],
])

/** Paths last only in archives. */
const taskOfZip = (files: NamedBytes[], ...loose: NamedBytes[]) => taskOf([['all.zip', zipOf(files)], ...loose])

const put = async (task: number, body: unknown, headers: Record<string, string> = {}) =>
  (await getOwner()).call('PUT', `/api/tasks/${task}/calibration`, { body, headers } as never)
const putFiles = (task: number, files: [string, string | Uint8Array][]) => {
  const form = new FormData()
  for (const [name, content] of files) form.append('file', new File([content as BlobPart], name))
  return put(task, form)
}
const shown = async (task: number) => (await get(`/api/tasks/${task}/calibration`)).json
const jobOf = async (task: number): Promise<number> => (await get(`/api/jobs?task_id=${task}`)).json.results[0].id

describe('with the media', () => {
  test('KITTI, a file for each frame: no frames of their own, cameras by folder', async () => {
    const task = await taskOfZip([...kittiTask, ['k/calib/000000.txt', bytes(kittiText)], ['k/calib/000001.txt', bytes(kittiText.replaceAll('50 ', '60 '))]]) // biome-ignore format: one line
    const { cameras, frames, files, problems } = await shown(task)
    expect(files).toEqual(['k/calib/000000.txt', 'k/calib/000001.txt'])
    expect(problems).toEqual([])
    expect(cameras.map(({ name, fx, width, height }: any) => [name, fx, width, height])).toEqual([
      ['image_02', 50, 64, 48],
      ['image_02', 60, 64, 48],
    ])
    expect(frames.map(({ frame, images }: any) => [frame, images[0].camera, images[0].entry])).toEqual([
      [0, 0, '000000.png.jpg'],
      [1, 1, '000001.png.jpg'],
    ])
    expect((await get(`/api/tasks/${task}/data/meta`)).json.size).toBe(2)
  })

  test('in an archive, with poses and navigation', async () => {
    const poses = '1 0 0 0 0 1 0 0 0 0 1 0\n1 0 0 0 0 1 0 0 0 0 1 2\n'
    const files: NamedBytes[] = [...kittiTask, ['k/calib.txt', bytes(kittiText)], ['k/poses.txt', bytes(poses)], ['k/notes.txt', bytes('x')]] // biome-ignore format: one line
    const task = await taskOf([['all.zip', zipOf(files)]])
    const { frames, problems, files: names } = await shown(task)
    expect([names.toSorted(), problems]).toEqual([['k/calib.txt', 'k/poses.txt'], []])
    // Two metres forward of the camera are two along x of the scanner.
    expect(frames[1].pose.translation.map((value: number) => Math.round(value * 1e6) / 1e6)).toEqual([2, 0, 0])
    const raw: string[] = []
    for await (const name of storage().list(`data/${task}/raw`)) raw.push(name)
    expect(raw.filter((name) => name.endsWith('.txt'))).toEqual([])
  })

  test('Supervisely: a file beside each picture', async () => {
    const beside = (fx: number) =>
      JSON.stringify({
        name: 'CAM_FRONT.png',
        meta: {
          sensorsData: {
            extrinsicMatrix: [0, -1, 0, 0, 0, 0, -1, 0, 1, 0, 0, fx],
            intrinsicMatrix: [fx, 0, 32, 0, fx, 24, 0, 0, 1],
          },
        },
      })
    const task = await taskOf([
      [
        'sly.zip',
        zipOf([
          ...plainTask,
          ['related_images/0_pcd/CAM_FRONT.png.json', bytes(beside(10))],
          ['related_images/1_pcd/CAM_FRONT.png.json', bytes(beside(11))],
        ]),
      ],
    ])
    const { cameras, frames } = await shown(task)
    expect(frames.map(({ images }: any) => cameras[images[0].camera].fx)).toEqual([10, 11])
  })

  test('a bad file is told; the task opens all the same', async () => {
    const task = await taskOfZip([...plainTask, ['calib/bad.json', bytes('{')]], ['calibration.json', bytes(nuscenes())])
    const { cameras, problems } = await shown(task)
    expect(cameras).toHaveLength(1)
    expect(problems).toEqual([{ file: 'calib/bad.json', message: expect.stringContaining('calib/bad.json: is no JSON') }])
    expect((await get(`/api/tasks/${task}/data/meta`)).json.size).toBe(2)
  })

  test('with pictures alone it is passed over in archives', async () => {
    const task = await taskOf([['p.zip', zipOf([['a.png', picture], ['calib.txt', bytes(kittiText)]])]]) // biome-ignore format: one line
    expect(await shown(task)).toMatchObject({ files: [], cameras: [] })
    expect((await get(`/api/tasks/${task}/data/meta`)).json.size).toBe(1)
    expect((await put(task, { calibrated_sensor: [] })).status).toBe(400)
    const only = await attach(await createTask(), [['p.zip', zipOf([['calib.txt', bytes(kittiText)]])]])
    expect(only.message).toContain('the archive has no pictures')
  })
})

describe('exports that come with media are uploads again', () => {
  const exported = async (task: number, format: string) => {
    const owner = await getOwner()
    const query = `format=${encodeURIComponent(format)}&save_images=true`
    const { json } = await owner.call('POST', `/api/tasks/${task}/dataset/export?${query}`, { body: {} })
    const { result_url, message } = await finishRequest(owner, json.rq_id, runExport)
    expect(message).toBe('')
    const key = new URL(result_url).searchParams.get('key')
    return storage().get(`results/${key}.zip`)
  }
  test.each(['KITTI Object 1.0', 'nuScenes 1.0', 'Sly Point Cloud Format 1.0'])('%s', async (format) => {
    const task = await taskOfZip([...plainTask, ['calibration.json', bytes(nuscenes({ ego_pose: [poseOf(1), poseOf(4)] }))]])
    const before = await shown(task)
    const again = await shown(await taskOf([['again.zip', await exported(task, format)]]))
    expect(again.problems).toEqual([])
    for (const frame of [0, 1]) {
      const camera = again.cameras[again.frames[frame].images[0].camera]
      for (const key of ['fx', 'cx', 'width'] as const) expect(camera[key]).toBe(before.cameras[0][key])
      for (const key of ['rotation', 'translation'] as const)
        for (const [i, value] of camera[key].entries()) expect(value).toBeCloseTo(before.cameras[0][key][i], 9)
      if (format.startsWith('nuScenes'))
        expect(again.frames[frame].pose.translation).toEqual(before.frames[frame].pose.translation)
    }
  })

  test('KITTI without calibration is refused in words', async () => {
    const task = await taskOfZip(plainTask)
    const owner = await getOwner()
    const job = await jobOf(task)
    const label_id = (await get(`/api/labels?task_id=${task}`)).json.results[0].id
    const shape = { type: 'cuboid', frame: 0, label_id, points: [1, 2, 3, 0, 0, 0, 1, 1, 1, 0, 0, 0, 0, 0, 0, 0] }
    const made = await owner.call('PATCH', `/api/jobs/${job}/annotations?action=create`, { body: { version: 0, tags: [], tracks: [], shapes: [shape] } }) // biome-ignore format: one line
    expect([made.status, made.status === 200 ? '' : made.text]).toEqual([200, ''])
    const { json } = await owner.call('POST', `/api/tasks/${task}/dataset/export?format=KITTI+Object+1.0`, { body: {} })
    const { status, message } = await finishRequest(owner, json.rq_id, runExport)
    expect([status, message]).toEqual(['failed', expect.stringContaining('no picture beside this frame has a calibration')])
  })
})

describe('through the API', () => {
  test('put, ask with ETag, by job, put again, take away', async () => {
    const task = await taskOfZip(plainTask)
    expect(await shown(task)).toMatchObject({ files: [], cameras: [], frames: [{ frame: 0, pose: null }, { frame: 1 }] })
    const answer = await put(task, JSON.parse(nuscenes({ ego_pose: [poseOf(0), poseOf(3)] })))
    expect([answer.status, answer.json.files, answer.json.problems]).toEqual([200, ['calibration.json'], []])
    const path = `/api/jobs/${await jobOf(task)}/calibration`
    const first = await getBytes(path)
    const body = JSON.parse(new TextDecoder().decode(first.bytes))
    expect(body.frames[1].pose.translation).toEqual([3, 0, 0])
    expect(body.cameras[0]).toMatchObject({ name: 'CAM_FRONT', fx: 40, width: 64 })
    const etag = first.headers.get('etag')!
    expect((await getBytes(path, { 'if-none-match': etag })).status).toBe(304)

    const zipped = zipOf([['cal/calibrated_sensor.json', bytes(JSON.stringify([sensorOf('CAM_FRONT', { model: 'fisheye' })]))]])
    expect((await putFiles(task, [['cal.zip', zipped]])).status).toBe(200)
    const second = await getBytes(path, { 'if-none-match': etag })
    expect(second.status).toBe(200)
    expect(JSON.parse(new TextDecoder().decode(second.bytes)).cameras[0].model).toBe('fisheye')
    const files: string[] = []
    for await (const name of storage().list(`data/${task}/calibration`)) files.push(name)
    expect(files).toEqual([(await findCalibration(task))!.file])

    expect((await (await getOwner()).call('DELETE', `/api/tasks/${task}/calibration`)).status).toBe(204)
    expect(await shown(task)).toMatchObject({ files: [], cameras: [] })
  })

  test.each([
    [[['a.txt', 'hello']], 'a.txt: is no calibration that is known'],
    [[['c.json', '{']], 'c.json: is no JSON'],
    [[['c.json', nuscenes({}, { camera_intrinsic: [[0, 0, 0], [0, 0, 0], [0, 0, 0]] })]], "c.json, item 'calibrated_sensor[0]', field 'camera_intrinsic': the focal lengths"], // biome-ignore format: matrix
    [[['c.json', nuscenes({}, { rotation: [0, 0, 0, 0] })]], "field 'rotation': a quaternion"],
    [[['c.json', nuscenes({}, { channel: 'CAM_BACK' })]], 'c.json: none of its cameras has taken a picture'],
    [
      [['c.json', nuscenes({}, { width: 640, height: 480 })]],
      'CAM_FRONT.png: the picture has 64 × 48 pixels, its camera CAM_FRONT 640 × 480',
    ],
    [[['c.json', nuscenes({}, { width: -1, height: 480 })]], "field 'width': the size"],
    [[['poses.txt', '1 0 0 0 0 1 0 0 0 0 1 0\n']], 'poses.txt: is of the left camera'],
    [[['poses.txt', '1 0 0\n']], 'poses.txt, line 1: twelve numbers'],
    [
      [
        ['a.json', nuscenes()],
        ['a.json', nuscenes()],
      ],
      'a.json: two files have this name',
    ],
    [[['x.zip', zipOf([['a.png', picture]])]], 'x.zip: the archive has no calibration files'],
  ] as [[string, string | Uint8Array][], string][])('fault %# is named, and nothing changes', async (files, reason) => {
    const task = await taskOfZip(plainTask)
    const answer = await putFiles(task, files)
    expect([answer.status, answer.json.join('\n')]).toEqual([400, expect.stringContaining(reason)])
    expect((await shown(task)).files).toEqual([])
  })

  test('pictures of another camera, and none at all', async () => {
    const two = await taskOfZip([...plainTask, ['related_images/0_pcd/CAM_BACK.png', other]])
    const answer = await put(two, JSON.parse(nuscenes()))
    expect([answer.status, answer.status === 200 ? '' : answer.text]).toEqual([200, ''])
    expect(answer.json.problems.map(({ message }: any) => message)).toEqual([
      'related_images/0_pcd/CAM_BACK.png: no camera of the calibration has taken this picture',
    ])
    const bare = await taskOf([['a.pcd', cloud]])
    const refusal = await put(bare, JSON.parse(nuscenes()))
    expect([refusal.status, refusal.text]).toEqual([
      400,
      expect.stringContaining('calibration.json: there are no pictures beside'),
    ])
    // Poses need no pictures.
    expect((await put(bare, { ego_pose: [poseOf(1, { filename: 'a.pcd' })] })).json.frames[0].pose.translation).toEqual([1, 0, 0])
  })

  test('who may', async () => {
    const task = await taskOfZip(plainTask)
    const stranger = await createPerson()
    const job = await jobOf(task)
    for (const [method, path] of [['GET', `/api/tasks/${task}`], ['PUT', `/api/tasks/${task}`], ['DELETE', `/api/tasks/${task}`], ['GET', `/api/jobs/${job}`]] as const) // biome-ignore format: table
      expect([path, (await stranger.call(method, `${path}/calibration`, { body: method === 'PUT' ? {} : undefined } as never)).status]).toEqual([path, 403]) // biome-ignore format: one line
    // Who annotates a job reads, and changes nothing.
    await (await getOwner()).call('PATCH', `/api/jobs/${job}`, { body: { assignee: stranger.user.id } })
    expect((await stranger.call('GET', `/api/jobs/${job}/calibration`)).status).toBe(200)
    expect((await stranger.call('PUT', `/api/tasks/${task}/calibration`, { body: {} })).status).toBe(403)
  })

  test('texts that are gone are told; the rest still opens', async () => {
    const task = await taskOfZip(plainTask)
    const file = await storeCalibration(task, [{ name: 'calibration.json', text: nuscenes() }])
    await tx((t) => saveCalibration(t, task, file, ['calibration.json'], new Date()))
    await storage().remove(file)
    expect((await findMissingMedia()).examples).toContain(file)
    const { cameras, frames, problems } = await shown(task)
    expect([cameras, frames.length, problems[0].message]).toEqual([
      [],
      2,
      expect.stringContaining('calibration.json: the calibration files are gone'),
    ])
  })

  test('files of more frames join those that are there', async () => {
    const task = await taskOfZip(plainTask)
    await put(task, JSON.parse(nuscenes()))
    await storage().put(`data/${task}/raw/x.json`, JSON.stringify({ ego_pose: [poseOf(5)] }))
    await addCalibration(task, [{ name: 'ego_pose.json', file: `data/${task}/raw/x.json` }])
    const { files, frames } = await shown(task)
    expect([files, frames[0].pose.translation]).toEqual([
      ['calibration.json', 'ego_pose.json'],
      [5, 0, 0],
    ])
  })
})
