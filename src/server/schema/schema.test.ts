// What is served against the contract: operations, the document that describes them, and the shapes of real answers.
import { beforeAll, expect, test } from 'bun:test'
import { join } from 'node:path'
import { app, call, createBareTask, createPerson, type Person } from '../../../tests/api'
import { compareRoutes, loadContract, type Route } from './contract'

let person: Person
beforeAll(async () => {
  person = await createPerson({ superuser: true })
})

test('every operation of the contract is served', async () => {
  const { missing } = compareRoutes(await loadContract(), app.routes as Route[])
  expect(missing).toEqual([])
})

test('the page about conformance counts right', async () => {
  const { missing, served } = compareRoutes(await loadContract(), app.routes as Route[])
  const page = await Bun.file(join(import.meta.dir, '../../../docs/api-conformance.md')).text()
  expect(page).toContain(`**${missing.length + served.length} operations, ${served.length} served**`)
})

test('what is unknown answers 404', async () => {
  expect((await call('GET', '/api/nonsense')).status).toBe(404)
})

test('the document lists what is served and nothing else, and every reference resolves', async () => {
  const { json } = await call('GET', '/api/schema/')
  const contract = await loadContract()
  const { served, missing } = compareRoutes(contract, app.routes as Route[])
  for (const { method, path } of served)
    expect(json.paths[path][method.toLowerCase()]).toMatchObject(contract.paths[path]![method.toLowerCase()] as any)
  for (const [path, methods] of Object.entries<Record<string, any>>(json.paths))
    for (const [method, { responses }] of Object.entries(methods))
      expect([method, path, Object.keys(responses)]).toEqual([method, path, expect.arrayContaining(['400', '404'])])
  for (const { method, path } of missing) expect(json.paths[path]?.[method.toLowerCase()]).toBeUndefined()
  const references = [...JSON.stringify(json).matchAll(/"\$ref":"#\/([^"]+)"/g)].map((match) => match[1]!)
  expect(references.length).toBeGreaterThan(100)
  for (const reference of new Set(references))
    expect([reference, reference.split('/').reduce((node, key) => node?.[key], json) !== undefined]).toEqual([reference, true])
})

const userDetails = ['cvat_usage_reason', 'primary_role', 'planned_activities', 'data_types', 'discovery_source', 'created_via']

test('real answers have every field of their model', async () => {
  const { components } = await loadContract()
  const task = await createBareTask(person)
  const project = (
    await person.call('POST', '/api/projects', {
      body: { name: 'p', labels: [{ name: 'x', attributes: [{ name: 'a', input_type: 'text', mutable: false, values: [] }] }] },
    })
  ).json
  await person.call('PUT', `/api/jobs/${task.jobs[0]!.id}/annotations`, {
    body: { shapes: [{ type: 'rectangle', frame: 0, label_id: task.labels[0]!.id, points: [1, 2, 3, 4] }] },
  })
  const answers: [string, string][] = [
    ['User', '/api/users/self'],
    ['TaskRead', `/api/tasks/${task.id}`],
    ['JobRead', `/api/jobs/${task.jobs[0]!.id}`],
    ['ProjectRead', `/api/projects/${project.id}`],
    ['DataMetaRead', `/api/tasks/${task.id}/data/meta`],
    ['About', '/api/server/about'],
    ['DatasetFormats', '/api/server/annotation/formats'],
    ['LabeledData', `/api/jobs/${task.jobs[0]!.id}/annotations`],
    ['Plugins', '/api/server/plugins'],
  ]
  /** Fields that the model has for things that are not there yet. */
  const absent = new Set(['LabeledData.intervals', 'DataMetaRead.chapters', ...userDetails.map((field) => `User.${field}`)])
  for (const [model, path] of answers) {
    const { json } = await person.call('GET', path)
    for (const [field, schema] of Object.entries(components.schemas[model].properties as Record<string, any>)) {
      if (absent.has(`${model}.${field}`)) continue
      expect([model, field, field in json]).toEqual([model, field, true])
      if (json[field] === null) expect([model, field, Boolean(schema.nullable ?? schema.$ref)]).toEqual([model, field, true])
      if (schema.type === 'integer' && json[field] !== null)
        expect([model, field, Number.isInteger(json[field])]).toEqual([model, field, true])
      if (schema.type === 'string' && json[field] !== null)
        expect([model, field, typeof json[field]]).toEqual([model, field, 'string'])
    }
  }
})
