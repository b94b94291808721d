import { Database } from 'bun:sqlite'
import { afterAll, beforeAll, describe, expect, test } from 'bun:test'
import { mkdir, mkdtemp, rm, symlink } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { readPoints } from './annotations'
import { readDump, readIntegers } from './dump'
import { copyFolder, openVolume } from './volume'

let folder = ''
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'annolith-import-'))
})
afterAll(() => rm(folder, { recursive: true, force: true }))

/** A red JPEG of one pixel would do as well: nothing decodes it here. */
const picture = new Uint8Array([255, 216, 255, 217])
const day = '2024-01-02T03:04:05.678Z'
const times = { created_date: day, updated_date: day }
const people = { owner: ['ann'], assignee: null, assignee_updated_date: null }
const place = { organization: 1, source_storage: 9, target_storage: null }
const shape = { job: 40, frame: 0, group: 0, source: 'manual', occluded: false, outside: false, z_order: 1, rotation: 0 }

/** A small instance: one organization, one task of two pictures with a ground truth job and a replica, one of everything else. */
const dumpRows = [
  ['auth.group', 1, { name: 'user', permissions: [] }],
  [
    'auth.user',
    7,
    {
      username: 'ann',
      password: 'md5$ab$187ef4436122d1cc2f40dc2b92f0eba0',
      email: 'ann@example.com',
      first_name: 'Ann',
      last_name: 'Onym',
      is_staff: false,
      is_superuser: false,
      is_active: true,
      date_joined: day,
      last_login: null,
      groups: [['user']],
    },
  ],
  ['engine.profile', 1, { user: ['ann'], has_analytics_access: true }],
  ['authtoken.token', 'a'.repeat(40), { user: ['ann'], created: day }],
  ['organizations.organization', 1, { ...times, slug: 'lab', name: 'Lab', description: '', contact: {}, owner: ['ann'] }],
  ['organizations.membership', 3, { user: ['ann'], organization: 1, role: 'owner', is_active: true, joined_date: day }],
  ['organizations.membership', 4, { user: null, organization: 1, role: 'worker', is_active: true, joined_date: day }],
  ['organizations.invitation', 'key1', { created_date: day, sent_date: day, owner: ['ann'], membership: 3 }],
  ['engine.storage', 9, { location: 'local', cloud_storage: null }],
  ['engine.project', 11, { ...times, ...people, ...place, name: 'streets', bug_tracker: '', status: 'annotation' }],
  [
    'engine.data',
    31,
    {
      chunk_size: 72,
      size: 2,
      image_quality: 70,
      start_frame: 0,
      stop_frame: 1,
      frame_filter: '',
      compressed_chunk_type: 'imageset',
      original_chunk_type: 'imageset',
      storage_method: 'cache',
      storage: 'local',
      sorting_method: 'natural',
      deleted_frames: '[1]',
    },
  ],
  ['engine.image', 1, { data: 31, path: 'a/1.jpg', frame: 0, width: 4, height: 3, is_placeholder: true, real_frame: 1 }],
  ['engine.image', 2, { data: 31, path: 'a/2.jpg', frame: 1, width: 4, height: 3, is_placeholder: false, real_frame: 0 }],
  ['engine.validationlayout', 1, { task_data: 31, mode: 'gt_pool', frames_per_job_count: 1, frames: '1', disabled_frames: '[]' }],
  [
    'engine.task',
    21,
    {
      ...times,
      ...people,
      ...place,
      name: 'drive',
      bug_tracker: '',
      status: 'annotation',
      project: 11,
      mode: 'annotation',
      data: 31,
      dimension: '2d',
      overlap: 0,
      segment_size: 2,
      subset: 'train',
      consensus_replicas: 2,
    },
  ],
  ['engine.segment', 1, { task: 21, start_frame: 0, stop_frame: 1, chunks_updated_date: day, type: 'range', frames: '[]' }],
  [
    'engine.segment',
    2,
    { task: 21, start_frame: 0, stop_frame: 1, chunks_updated_date: day, type: 'specific_frames', frames: '1' },
  ],
  // A replica that stands before its parent.
  [
    'engine.job',
    39,
    {
      ...times,
      ...people,
      segment: 1,
      status: 'annotation',
      stage: 'annotation',
      state: 'new',
      type: 'consensus_replica',
      parent_job: 40,
    },
  ],
  [
    'engine.job',
    40,
    {
      ...times,
      ...people,
      segment: 1,
      status: 'annotation',
      stage: 'annotation',
      state: 'in progress',
      type: 'annotation',
      parent_job: null,
    },
  ],
  [
    'engine.job',
    41,
    {
      ...times,
      ...people,
      segment: 2,
      status: 'completed',
      stage: 'acceptance',
      state: 'completed',
      type: 'ground_truth',
      parent_job: null,
    },
  ],
  ['engine.label', 52, { task: null, project: 11, name: 'nose', color: '#00ff00', type: 'points', parent: 53 }],
  ['engine.label', 53, { task: null, project: 11, name: 'face', color: '#ff0000', type: 'skeleton', parent: null }],
  ['engine.skeleton', 1, { root: 53, svg: '<circle r="1" data-label-id="52"></circle>' }],
  [
    'engine.attributespec',
    61,
    { label: 53, name: 'mood', mutable: false, input_type: 'select', default_value: 'calm', values: 'calm\nwild' },
  ],
  ['engine.labeledshape', 72, { ...shape, label: 52, type: 'points', points: '1.5, 2.0', parent: 73 }],
  ['engine.labeledshape', 73, { ...shape, label: 53, type: 'skeleton', points: '[]', parent: null }],
  ['engine.labeledshape', 74, { ...shape, label: 53, type: 'polygon', points: 'nan, nan', parent: null }],
  ['engine.labeledshapeattributeval', 1, { spec: 61, value: 'wild', shape: 73 }],
  ['engine.issue', 81, { ...times, frame: 0, position: '1.0, 2.5', job: 40, owner: ['ann'], assignee: null, resolved: false }],
  ['engine.comment', 82, { ...times, issue: 81, owner: ['ann'], message: 'Look again' }],
  ['engine.annotationguide', 91, { ...times, task: null, project: 11, markdown: '# How' }],
  ['engine.asset', '6ee3bd4c-4b4d-4e34-9d63-7a8c4cf8a1aa', { created_date: day, filename: 'how.png', owner: ['ann'], guide: 91 }],
  [
    'engine.cloudstorage',
    95,
    {
      ...times,
      provider_type: 'AWS_S3_BUCKET',
      resource: 'bucket',
      display_name: 'Bucket',
      owner: ['ann'],
      credentials: 'KEYID hunter2',
      credentials_type: 'KEY_SECRET_KEY_PAIR',
      specific_attributes: 'region=eu-west-1',
      description: '',
      organization: 1,
    },
  ],
  ['engine.manifest', 1, { filename: 'manifest.jsonl', cloud_storage: 95 }],
  ['lambda.secretsauce', 1, { a: 1 }],
  ['lambda.secretsauce', 2, { a: 1 }],
]

const writeDump = async (rows: unknown[][] = dumpRows, name = 'dump.json') => {
  const file = join(folder, name)
  await Bun.write(file, JSON.stringify(rows.map(([model, pk, fields]) => ({ model, pk, fields }))))
  return file
}

const writeVolume = async () => {
  const root = join(folder, 'volume')
  await Bun.write(join(root, 'data/31/raw/a/1.jpg'), picture)
  await Bun.write(join(root, 'data/31/raw/a/2.jpg'), picture)
  await Bun.write(join(root, 'data/31/raw/index.json'), '{}')
  await Bun.write(join(root, 'assets/6ee3bd4c-4b4d-4e34-9d63-7a8c4cf8a1aa/how.png'), picture)
  await mkdir(join(root, 'tasks/21'), { recursive: true })
  return root
}

const program = join(import.meta.dir, '../../main.ts')
/** Runs the program, as people do, on a data directory of its own. */
const run = async (dataDir: string, ...words: string[]) => {
  const env = { ...process.env, ANNOLITH_DATA_DIR: dataDir, DATABASE_URL: '', ANNOLITH_THREAD: '' }
  const child = Bun.spawn([process.execPath, program, ...words], { env, stdout: 'pipe', stderr: 'pipe' })
  const [output, errors] = await Promise.all([new Response(child.stdout).text(), new Response(child.stderr).text()])
  return { code: await child.exited, output, errors }
}

describe('reading', () => {
  test('lists of numbers in any of the layouts that CVAT used', () => {
    expect(readIntegers('0,1, 12')).toEqual([0, 1, 12])
    expect(readIntegers('[3, 4]')).toEqual([3, 4])
    expect(readIntegers('[]')).toEqual([])
    expect(readIntegers(null)).toEqual([])
    expect(readPoints('1.5, -2.0,3e-05')).toBe('[1.5,-2.0,3e-05]')
    expect(readPoints('[]')).toBe('[]')
    expect(readPoints('')).toBe('[]')
    for (const text of ['nan, nan', '1,,2', '1 2', '1.2.3', '1.', '"a"', '1;2'])
      expect(readPoints(text) ?? 'refused').toBe('refused')
  })

  test('a file that is no dump is refused by name', async () => {
    await Bun.write(join(folder, 'bad.json'), '{"a": 1}')
    await expect(readDump(join(folder, 'bad.json'))).rejects.toThrow('bad.json: not a dump')
    await Bun.write(join(folder, 'worse.json'), 'PK')
    await expect(readDump(join(folder, 'worse.json'))).rejects.toThrow('worse.json: not a JSON file')
    await expect(readDump(join(folder, 'none.json'))).rejects.toThrow('none.json: there is no such file')
  })

  test('rows that nobody takes are accounted for, bookkeeping of the framework is not', async () => {
    const dump = await readDump(await writeDump())
    const left = dump.account()
    expect(left).toContainEqual({ model: 'lambda.secretsauce', count: 2, why: expect.any(String) })
    expect(left.map(({ model }) => model)).not.toContain('auth.group')
    dump.take('auth.user')
    expect(dump.account().map(({ model }) => model)).not.toContain('auth.user')
  })

  test('a folder without a volume is refused, and links in a volume are not followed', async () => {
    await mkdir(join(folder, 'empty'), { recursive: true })
    await expect(openVolume(join(folder, 'empty'))).rejects.toThrow('not the data volume')
    const linked = join(folder, 'linked')
    await mkdir(linked, { recursive: true })
    await symlink('/etc', join(linked, 'etc'))
    await symlink('/etc/hostname', join(linked, 'hostname'))
    expect(await copyFolder(linked, 'data/999/raw')).toBe(0)
    expect(await copyFolder(join(folder, 'nothing-here'), 'data/999/raw')).toBe(0)
  })
})

/** Everything that a test wants to know of an imported directory, straight from its database. */
const readBack = (dataDir: string) => {
  const database = new Database(join(dataDir, 'annolith.db'))
  const all = (query: string) => database.query(query).all() as any[]
  return { all, close: () => database.close() }
}

describe('import-cvat', () => {
  test('an instance becomes a data directory; what has no place is told; a second import is refused', async () => {
    const dataDir = join(folder, 'from-folder')
    const dump = await writeDump()
    const done = await run(dataDir, 'import-cvat', '--dump', dump, '--data', await writeVolume())
    expect(done.errors).toBe('')
    expect(done.code).toBe(0)
    for (const line of ['jobs: 3', 'shapes: 2', 'files: 2', 'assets: 1', 'left out: lambda.secretsauce: 2'])
      expect(done.output).toContain(line)
    expect(done.output).toContain('left out: engine.labeledshape: 1: its points are damaged')
    expect(done.output).toContain('left out: organizations.membership: 1: the account was deleted')

    const { all, close } = readBack(dataDir)
    expect(all('select id, username, password_hash, groups, has_analytics_access from users')).toEqual([
      {
        id: 7,
        username: 'ann',
        password_hash: 'md5$ab$187ef4436122d1cc2f40dc2b92f0eba0',
        groups: '["user"]',
        has_analytics_access: 1,
      },
    ])
    expect(all('select hash from api_tokens')[0].hash).toBe(new Bun.CryptoHasher('sha256').update('a'.repeat(40)).digest('hex'))
    expect(all('select id, type, parent_job_id, frames, status from jobs order by id')).toEqual([
      { id: 39, type: 'replica', parent_job_id: 40, frames: null, status: 'annotation' },
      { id: 40, type: 'annotation', parent_job_id: null, frames: null, status: 'annotation' },
      { id: 41, type: 'ground_truth', parent_job_id: null, frames: '[1]', status: 'completed' },
    ])
    expect(all('select task_id, mode, frames from validation_layouts')).toEqual([{ task_id: 21, mode: 'gt_pool', frames: '[1]' }])
    expect(all('select task_id, number, file, width, real_frame from frames order by number')).toEqual([
      { task_id: 21, number: 0, file: 'data/21/raw/a/1.jpg', width: 4, real_frame: 1 },
      { task_id: 21, number: 1, file: 'data/21/raw/a/2.jpg', width: 4, real_frame: null },
    ])
    expect(all('select source_storage from tasks')[0].source_storage).toBe('{"id":9,"location":"local","cloud_storage_id":null}')
    expect(all('select id, parent_id, points, attributes from shapes order by id')).toEqual([
      { id: 72, parent_id: 73, points: '[1.5,2.0]', attributes: '[]' },
      { id: 73, parent_id: null, points: '[]', attributes: '[{"spec_id":61,"value":"wild"}]' },
    ])
    expect(all('select model, count(*) as n from kept_rows group by model')).toContainEqual({ model: 'lambda.secretsauce', n: 2 })
    const [bucket] = all('select resource, manifests, credentials from cloud_storages')
    expect(bucket).toEqual({ resource: 'bucket', manifests: '["manifest.jsonl"]', credentials: expect.any(String) })
    expect(bucket.credentials).not.toContain('hunter2')
    expect(all('select position, owner_id from issues')).toEqual([{ position: '[1,2.5]', owner_id: 7 }])
    expect(all('select created_date from tasks')[0].created_date).toBe(Date.parse(day))
    // New ids begin after the imported ones.
    expect(all(`select seq from sqlite_sequence where name = 'jobs'`)[0].seq).toBe(41)
    close()
    expect(await Bun.file(join(dataDir, 'data/21/raw/a/2.jpg')).bytes()).toEqual(picture)
    expect(await Bun.file(join(dataDir, 'data/21/raw/index.json')).exists()).toBe(false)

    const again = await run(dataDir, 'import-cvat', '--dump', dump, '--data', await writeVolume())
    expect(again.code).toBe(1)
    expect(again.errors).toContain('holds data already')
  }, 30_000)

  test('a task in a bucket keeps its bucket; frames, ground truth and deleted frames count in the task; pictures stay beside their frames', async () => {
    const dataDir = join(folder, 'from-bucket')
    const rowOf = (model: string) => dumpRows.find(([name]) => name === model)![2] as object
    const data = {
      ...rowOf('engine.data'),
      size: 3,
      start_frame: 2,
      stop_frame: 8,
      frame_filter: 'step=3',
      storage: 'cloud_storage',
      cloud_storage: 95,
      deleted_frames: '2',
    }
    const image = (frame: number) => ({
      data: 32,
      path: `b/${frame}.jpg`,
      frame,
      width: 4,
      height: 3,
      is_placeholder: false,
      real_frame: 0,
    })
    const segment = { task: 22, start_frame: 0, stop_frame: 2, chunks_updated_date: day }
    const job = { ...times, ...people, status: 'annotation', stage: 'annotation', state: 'new', parent_job: null }
    const rows = [
      ...dumpRows,
      ['engine.data', 32, data],
      ...[2, 5, 8].map((frame) => ['engine.image', 10 + frame, image(frame)]),
      [
        'engine.relatedfile',
        1,
        { data: 32, path: '/home/django/data/data/32/raw/b/related_images/5_jpg/side.png', images: [15] },
      ],
      ['engine.relatedfile', 2, { data: 31, path: '/home/django/data/data/31/raw/related/front.png', images: [1, 2] }],
      ['engine.relatedfile', 3, { data: 31, path: '/elsewhere/x.png', images: [1] }],
      ['engine.task', 22, { ...rowOf('engine.task'), data: 32, consensus_replicas: 0 }],
      ['engine.segment', 3, { ...segment, type: 'range', frames: '[]' }],
      ['engine.segment', 4, { ...segment, type: 'specific_frames', frames: '2,8' }],
      ['engine.job', 50, { ...job, segment: 3, type: 'annotation' }],
      ['engine.job', 51, { ...job, segment: 4, type: 'ground_truth' }],
      // As jobs that were added later have it: in numbers of the source.
      [
        'engine.validationlayout',
        2,
        { task_data: 32, mode: 'gt', frames_per_job_count: null, frames: '2,8', disabled_frames: '[2]' },
      ],
    ]
    const done = await run(dataDir, 'import-cvat', '--dump', await writeDump(rows, 'bucket.json'), '--data', await writeVolume())
    expect([done.errors, done.code]).toEqual(['', 0])
    expect(done.output).toContain('left out: engine.relatedfile: 1: its file is not where')
    expect(done.output).not.toContain('cannot be fetched')
    const { all, close } = readBack(dataDir)
    expect(all('select storage, cloud_storage_id, deleted_frames from task_data where id = 32')).toEqual([
      { storage: 'cloud_storage', cloud_storage_id: 95, deleted_frames: '[2]' },
    ])
    expect(all('select number, name, file, real_frame from frames where task_id = 22 order by number')).toEqual([
      { number: 0, name: 'b/2.jpg', file: 'cloud:95/b/2.jpg', real_frame: null },
      { number: 1, name: 'b/5.jpg', file: 'cloud:95/b/5.jpg', real_frame: null },
      { number: 2, name: 'b/8.jpg', file: 'cloud:95/b/8.jpg', real_frame: null },
    ])
    expect(all('select frames from jobs where id = 51')[0].frames).toBe('[0,2]')
    expect(all('select frames, disabled_frames from validation_layouts where id = 2')).toEqual([
      { frames: '[0,2]', disabled_frames: '[2]' },
    ])
    expect(all('select task_id, frame_file, name, file from related_files order by id')).toEqual([
      {
        task_id: 22,
        frame_file: 'cloud:95/b/5.jpg',
        name: 'b/related_images/5_jpg/side.png',
        file: 'cloud:95/b/related_images/5_jpg/side.png',
      },
      { task_id: 21, frame_file: 'data/21/raw/a/1.jpg', name: 'related/front.png', file: 'data/21/raw/related/front.png' },
      { task_id: 21, frame_file: 'data/21/raw/a/2.jpg', name: 'related/front.png', file: 'data/21/raw/related/front.png' },
    ])
    close()
  }, 30_000)

  test('an archive of the volume with its path is as good as the folder', async () => {
    const dataDir = join(folder, 'from-archive')
    await writeVolume()
    const archive = join(folder, 'volume.tar.gz')
    const tar = Bun.spawn(['tar', '-czf', archive, '--transform', 's,^volume,home/django/data,', '-C', folder, 'volume'])
    expect(await tar.exited).toBe(0)
    const done = await run(dataDir, 'import-cvat', '--dump', await writeDump(), '--data', archive)
    expect(done.errors).toBe('')
    expect(await Bun.file(join(dataDir, 'data/21/raw/a/1.jpg')).bytes()).toEqual(picture)
    expect([...new Bun.Glob('cache/import-*').scanSync({ cwd: dataDir, onlyFiles: false })]).toEqual([])
  }, 30_000)

  test('an error leaves nothing behind', async () => {
    const dataDir = join(folder, 'failing')
    const broken = [...dumpRows, ['engine.comment', 83, { ...times, issue: 12345, owner: ['ann'], message: 'lost' }]]
    const failed = await run(
      dataDir,
      'import-cvat',
      '--dump',
      await writeDump(broken, 'broken.json'),
      '--data',
      await writeVolume(),
    )
    expect(failed.code).toBe(1)
    expect(failed.errors).toContain('rows of comments are refused')
    expect([...new Bun.Glob('{data,assets}/**/*').scanSync(dataDir)]).toEqual([])
    const { all, close } = readBack(dataDir)
    expect(all('select count(*) as n from users')[0].n).toBe(0)
    close()
    const second = await run(dataDir, 'import-cvat', '--dump', await writeDump(), '--data', await writeVolume())
    expect(second.code).toBe(0)
  }, 30_000)
})
