// Tasks and projects that change their place: into a project, to another organization; and the storages they may name.
import { beforeAll, describe, expect, test } from 'bun:test'
import { createBareTask, createPerson, type Person } from '../../../tests/api'
import { cloudStorages } from '../cloud-storages/schema'
import { tx } from '../db/open'
import { memberships, type Role } from '../organizations/schema'

let owner: Person
let colleague: Person
let stranger: Person
beforeAll(async () => {
  owner = await createPerson()
  colleague = await createPerson()
  stranger = await createPerson()
})

const attribute = (name: string) => ({ name, input_type: 'text', mutable: false, values: [], default_value: '' })
const skeleton = {
  name: 'pose',
  type: 'skeleton',
  svg: '<circle r="1" data-type="element node" data-element-id="1" data-node-id="1" data-label-name="head"></circle>',
  sublabels: [{ name: 'head', type: 'points' }],
}
const createProject = async (labels: object[], query = '') =>
  (await owner.call('POST', `/api/projects${query}`, { body: { name: 'p', labels } })).json
const labelsOf = async (query: string) => (await owner.call('GET', `/api/labels?${query}`)).json.results as any[]

let made = 0
const createOrganization = async (members: [Person, Role][] = []) => {
  const slug = `move-${process.pid}-${++made}`
  const { id } = (await owner.call('POST', '/api/organizations', { body: { slug } })).json
  await tx(async (t) => {
    for (const [person, role] of members)
      await t.insert(memberships).values({ userId: person.user.id, organizationId: id, role, joinedDate: new Date() })
  })
  return { id: id as number, slug }
}

describe('into a project', () => {
  test('labels, sublabels and attributes go over by name, annotations stay', async () => {
    const task = await createBareTask(owner, {
      labels: [{ name: 'car', attributes: [attribute('plate'), attribute('gone')] }, skeleton],
    })
    const [car, pose] = task.labels as any[]
    const url = `/api/jobs/${task.jobs[0]!.id}/annotations`
    const [plate, gone] = car.attributes
    const values = [
      { spec_id: plate.id, value: 'A 1' },
      { spec_id: gone.id, value: 'x' },
    ]
    await owner.call('PUT', url, {
      body: {
        tags: [{ label_id: car.id, frame: 1, attributes: values }],
        shapes: [
          {
            type: 'skeleton',
            label_id: pose.id,
            frame: 0,
            points: [],
            elements: [{ type: 'points', label_id: pose.sublabels[0].id, frame: 0, points: [1, 2] }],
          },
        ],
        tracks: [
          { label_id: car.id, frame: 0, attributes: values, shapes: [{ type: 'rectangle', frame: 0, points: [1, 1, 2, 2] }] },
        ],
      },
    })
    const project = await createProject([skeleton, { name: 'car', attributes: [attribute('plate')] }, { name: 'other' }])
    const moved = await owner.call('PATCH', `/api/tasks/${task.id}`, { body: { project_id: project.id } })
    expect([moved.status, moved.json.project_id]).toEqual([200, project.id])

    const [newPose, newCar] = await labelsOf(`project_id=${project.id}`)
    const kept = [{ spec_id: newCar.attributes[0].id, value: 'A 1' }]
    const after = (await owner.call('GET', url)).json
    expect(after.tags[0]).toMatchObject({ label_id: newCar.id, attributes: kept })
    expect(after.tracks[0]).toMatchObject({ label_id: newCar.id, attributes: kept })
    expect(after.shapes[0].label_id).toBe(newPose.id)
    expect(after.shapes[0].elements[0].label_id).toBe(newPose.sublabels[0].id)
    expect((await labelsOf(`task_id=${task.id}`)).map((label) => label.id)).toEqual([newPose.id, newCar.id, newCar.id + 1])
  })

  test('a label that the project lacks is named, and nothing changes', async () => {
    const task = await createBareTask(owner, { labels: [{ name: 'car' }, { name: 'bus' }] })
    const project = await createProject([{ name: 'car' }])
    const { status, json } = await owner.call('PATCH', `/api/tasks/${task.id}`, { body: { name: 'new', project_id: project.id } })
    expect([status, json.project_id[0]]).toEqual([400, expect.stringContaining('bus')])
    const after = (await owner.call('GET', `/api/tasks/${task.id}`)).json
    expect([after.name, after.project_id]).toEqual(['bare', null])
  })

  test("not into a stranger's project, not out of one", async () => {
    const task = await createBareTask(owner)
    const foreign = (await stranger.call('POST', '/api/projects', { body: { name: 'p', labels: [{ name: 'car' }] } })).json
    expect((await owner.call('PATCH', `/api/tasks/${task.id}`, { body: { project_id: foreign.id } })).status).toBe(403)
    const project = await createProject([{ name: 'car' }])
    await owner.call('PATCH', `/api/tasks/${task.id}`, { body: { project_id: project.id } })
    expect((await owner.call('PATCH', `/api/tasks/${task.id}`, { body: { project_id: null } })).status).toBe(400)
    expect((await owner.call('PATCH', `/api/tasks/${task.id}`, { body: { project_id: 999_999 } })).status).toBe(400)
  })
})

describe('to another organization', () => {
  test('a project takes its tasks along; who does not belong there is no longer assigned', async () => {
    const organization = await createOrganization([[colleague, 'worker']])
    const project = await createProject([{ name: 'car' }])
    const inside = (await owner.call('POST', '/api/tasks', { body: { name: 't', project_id: project.id } })).json
    await owner.call('PATCH', `/api/projects/${project.id}`, { body: { assignee_id: stranger.user.id } })
    await owner.call('PATCH', `/api/tasks/${inside.id}`, { body: { assignee_id: colleague.user.id } })
    const moved = await owner.call('PATCH', `/api/projects/${project.id}`, { body: { organization_id: organization.id } })
    expect([moved.status, moved.json.organization_id, moved.json.assignee]).toEqual([200, organization.id, null])
    const after = (await owner.call('GET', `/api/tasks/${inside.id}`)).json
    expect([after.organization_id, after.assignee.id]).toEqual([organization.id, colleague.user.id])
    const alone = await owner.call('PATCH', `/api/tasks/${inside.id}`, { body: { organization_id: null } })
    expect([alone.status, Object.keys(alone.json)]).toEqual([400, ['organization_id']])
  })

  test('a task of its own moves there and back, never to where its owner may not create', async () => {
    const organization = await createOrganization()
    const task = await createBareTask(owner)
    const move = (to: number | null) => owner.call('PATCH', `/api/tasks/${task.id}`, { body: { organization_id: to } })
    expect((await move(organization.id)).json.organization).toBe(organization.id)
    expect((await move(null)).json.organization).toBeNull()
    expect((await move(999_999)).status).toBe(400)
    const foreign = (await stranger.call('POST', '/api/organizations', { body: { slug: `foreign-${process.pid}` } })).json
    expect((await move(foreign.id)).status).toBe(403)
  })
})

describe('storages', () => {
  const connect = (person: Person, organizationId: number | null = null) =>
    tx(async (t) => {
      const now = new Date()
      const [row] = await t
        .insert(cloudStorages)
        .values({
          providerType: 'AWS_S3_BUCKET',
          resource: `bucket-${++made}`,
          displayName: 'b',
          credentialsType: 'ANONYMOUS_ACCESS',
          credentials: '',
          manifests: [],
          ownerId: person.user.id,
          organizationId,
          createdDate: now,
          updatedDate: now,
        })
        .returning({ id: cloudStorages.id })
      return { location: 'cloud_storage', cloud_storage_id: row!.id }
    })

  test('one may name a cloud storage that one may see, and no other', async () => {
    const [mine, foreign] = [await connect(owner), await connect(stranger)]
    const labels = [{ name: 'car' }]
    for (const path of ['/api/projects', '/api/tasks']) {
      const create = (storage: object) => owner.call('POST', path, { body: { name: 'x', labels, target_storage: storage } })
      expect((await create(foreign)).status).toBe(403)
      const { status, json } = await create(mine)
      expect([status, json.target_storage]).toEqual([201, mine])
      const change = (storage: object) => owner.call('PATCH', `${path}/${json.id}`, { body: { source_storage: storage } })
      expect((await change(foreign)).status).toBe(403)
      expect((await change({ location: 'cloud_storage' })).status).toBe(400)
      expect((await change({ location: 'cloud_storage', cloud_storage_id: 999_999 })).status).toBe(400)
      expect((await change({ location: 'local' })).json.source_storage).toEqual({ location: 'local', cloud_storage_id: null })
    }
  })

  test('when a cloud storage is removed, what pointed there is local again', async () => {
    const [gone, kept] = [await connect(owner), await connect(owner)]
    const body = { name: 'x', labels: [{ name: 'car' }], source_storage: gone, target_storage: kept }
    const task = (await owner.call('POST', '/api/tasks', { body })).json
    const project = (await owner.call('POST', '/api/projects', { body })).json
    expect((await owner.call('DELETE', `/api/cloudstorages/${gone.cloud_storage_id}`)).status).toBe(204)
    for (const path of [`/api/tasks/${task.id}`, `/api/projects/${project.id}`]) {
      const { source_storage, target_storage } = (await owner.call('GET', path)).json
      expect([source_storage, target_storage]).toEqual([null, kept])
    }
  })

  test('an assignee does not change storages, a maintainer of the organization does', async () => {
    const maintainer = await createPerson()
    const organization = await createOrganization([
      [colleague, 'worker'],
      [maintainer, 'maintainer'],
    ])
    const project = await createProject([{ name: 'car' }], `?org_id=${organization.id}`)
    await owner.call('PATCH', `/api/projects/${project.id}`, { body: { assignee_id: colleague.user.id } })
    const body = { source_storage: { location: 'local' } }
    expect((await colleague.call('PATCH', `/api/projects/${project.id}`, { body })).status).toBe(403)
    expect((await maintainer.call('PATCH', `/api/projects/${project.id}`, { body })).status).toBe(200)
  })
})
