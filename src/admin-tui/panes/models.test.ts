// The pane of models against a folder of real ones.
import { afterAll, beforeAll, expect, test } from 'bun:test'
import { mkdirSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { app } from '../../../tests/api'
import { modelsFolder } from '../../server/functions/onnx/catalogue'
import { closeModel } from '../../server/functions/onnx/inference'
import { drawDetailLines } from '../draw-pane'
import { createLocalApi } from '../local-api'
import { createModels } from './models'

const models = createModels(createLocalApi((request) => app.handle(request)))

const fixtures = join(import.meta.dir, '../../../tests/fixtures/models')
const find = async (id: string) => (await models.load('')).rows.find((row) => models.id(row) === id)!
const act = (key: string) => models.actions.find((action) => action.key === key)!
const readDetails = async (id: string) =>
  drawDetailLines(await models.details(await find(id)), 200)
    .map((line) => line.map(({ text }) => text).join(''))
    .join('\n')

beforeAll(() => {
  rmSync(modelsFolder(), { recursive: true, force: true })
  mkdirSync(modelsFolder(), { recursive: true })
})
afterAll(async () => {
  await closeModel()
  rmSync(modelsFolder(), { recursive: true, force: true })
})

test('models are added, tried, described and removed', async () => {
  const files = ['bright.onnx', 'bright.yaml'].map((name) => join(fixtures, name)).join(', ')
  const added = await act('n').run(undefined as never, { id: ' blobs ', files, note: 'first' })
  expect(added).toEqual({ said: '“blobs” version 1 was added.', select: 'blobs@1' })
  await act('n').run(undefined as never, { id: 'blobs', files, note: '' })
  expect((await models.load('')).rows.map((row) => models.columns.slice(0, 3).map(({ show }) => show(row)))).toEqual([
    ['blobs', '2', 'segment'],
    ['blobs', '1', 'segment'],
  ])
  const details = await readDetails('blobs@1')
  for (const part of ['Bright blobs', '96 × 64, rgb, stretch', 'blob', 'images: float32 [batch, 3, height, width]', 'first'])
    expect(details).toContain(part)
  const tried = await act('t').run(await find('blobs@2'), { path: join(fixtures, 'blobs.png') })
  expect(tried.said).toMatch(/^3 objects \(3 blob\) in \d+\.\d s, with loading\.$/)
  await expect(act('t').run(await find('blobs@2'), { path: '/nowhere.png' })).rejects.toThrow('/nowhere.png does not exist')
  expect(act('t').isOffered!(await find('blobs@1'))).toBe(false)
  const newest = await find('blobs@2')
  expect(act('d').prepare!(newest, [newest])).toMatchObject({ text: 'Remove version 2 of “blobs”?', typed: 'blobs' })
  await act('d').run(await find('blobs@2'), {})
  expect((await models.load('')).rows.map(models.id)).toEqual(['blobs@1'])
})

test('a bad file is shown with what is wrong, and cannot be tried', async () => {
  writeFileSync(join(modelsFolder(), 'bad.onnx'), 'no model')
  const row = await find('bad@1')
  expect(models.columns[2]!.show(row)).toBe('unusable')
  expect(act('t').isOffered!(row)).toBe(false)
  expect(await readDetails('bad@1')).toContain('bad.onnx is no ONNX model')
})
