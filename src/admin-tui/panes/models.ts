// The pane of models: files that annotate, in which versions they are there, and what is wrong with those that cannot be used.
import { resolve } from 'node:path'
import type { Api } from '../api'
import { openFile } from '../open-file'
import { type Action, type Detail, definePane, type Pane } from '../pane'
import { ageColumn, sayTime } from '../show-rows'
import { showBytes, showCount } from '../show-values'

type Version = {
  version: number
  created_date: string
  size: number
  note: string
  problem: string | null
  name?: string
  description?: string
  family?: string
  kind?: string
  labels?: string[]
  input?: { width: number; height: number; channels?: string; fit?: string }
  inputs?: string[]
  outputs?: string[]
  files: string[]
}
type Row = Version & { id: string; isNewest: boolean }

const idOf = ({ id, version }: { id: string; version: number }) => `${id}@${version}`

/** Paths as they are typed: separated by commas. */
const readPaths = (text: string) => text.split(',').flatMap((part) => part.trim() || [])

type Found = { label?: string; type: string }

const createActions = (api: Api): Action<Row>[] => [
  {
    key: 'n',
    label: 'add model',
    needs: 'nothing',
    prepare: () => ({
      kind: 'form',
      title: 'Add a model, or a version of one',
      fields: [
        { name: 'id', label: 'Name', kind: 'text', isRequired: true },
        { name: 'files', label: 'Files here (.onnx and .yaml, with commas between)', kind: 'text', isRequired: true },
        { name: 'note', label: 'Note', kind: 'text' },
      ],
    }),
    run: async (_, { id = '', files = '', note = '' }) => {
      const paths = readPaths(files).map((path) => resolve(path))
      const added = await api.addModel({ name: id.trim(), note: note.trim(), paths })
      return { said: `“${added.id}” version ${added.version} was added.`, select: idOf(added) }
    },
  },
  {
    key: 't',
    label: 'try on a picture',
    needs: 'row',
    isOffered: ({ problem, isNewest }) => !problem && isNewest,
    prepare: (row) => ({
      kind: 'form',
      title: `Try “${row.id}” version ${row.version}`,
      fields: [{ name: 'path', label: 'Picture here', kind: 'text', isRequired: true }],
    }),
    run: async ({ id }, { path = '' }) => {
      const picture = await openFile(path.trim())
      const body = new Blob([await picture.arrayBuffer()], { type: 'application/octet-stream' })
      const { found, ms } = await api.send<{ found: Found[]; ms: number }>(
        'POST',
        `/api/models/${encodeURIComponent(id)}/try`,
        body,
      )
      const counts = Map.groupBy(found, ({ label, type }) => label ?? type)
      const what = [...counts].map(([name, own]) => `${own.length} ${name}`).join(', ')
      return { said: `${showCount(found.length, 'object')}${what && ` (${what})`} in ${(ms / 1000).toFixed(1)} s, with loading.` }
    },
  },
  {
    key: 'd',
    label: 'remove',
    needs: 'row',
    prepare: ({ id, version, size }) => ({
      kind: 'question',
      text: `Remove version ${version} of “${id}”?`,
      warning: `Deletes its files of ${showBytes(size)} on the server. What it has annotated stays.`,
      typed: id,
    }),
    run: async ({ id, version }) => {
      await api.send('DELETE', `/api/models/${encodeURIComponent(id)}/versions/${version}`)
      return { said: `“${id}” version ${version} is gone.` }
    },
  },
]

const describe = (row: Row): Detail[] => {
  if (row.problem) return [{ label: 'Problem', value: row.problem, tone: 'bad' }]
  const { input, labels = [], inputs = [], outputs = [] } = row
  return [
    { label: 'Name', value: row.name ?? '' },
    { label: 'Family', value: row.family ?? '' },
    ...(input
      ? [{ label: 'Input', value: [`${input.width} × ${input.height}`, input.channels, input.fit].filter(Boolean).join(', ') }]
      : []),
    ...(labels.length ? [{ label: 'Labels', value: labels.join(', ') }] : []),
    ...(row.description ? [{ text: row.description }] : []),
    ...(inputs.length ? [{ heading: 'Tensors' }] : []),
    ...inputs.map((value) => ({ label: 'In', value })),
    ...outputs.map((value) => ({ label: 'Out', value })),
  ]
}

export const createModels = (api: Api): Pane =>
  definePane<Row>({
    name: 'models',
    title: 'Models',
    about: 'Models that annotate: ONNX files in the folder models. Loaded when somebody asks them.',
    columns: [
      { title: 'Name', width: 'rest', show: ({ id }) => id },
      { title: 'Version', width: 7, right: true, show: ({ version }) => String(version) },
      {
        title: 'Family',
        width: 13,
        show: ({ problem, family }) => (problem ? 'unusable' : (family ?? '')),
        tone: ({ problem }) => (problem ? 'bad' : 'plain'),
      },
      { title: 'Size', width: 8, right: true, from: 44, show: ({ size }) => showBytes(size), sort: ({ size }) => size },
      ageColumn('Changed', ({ created_date }) => created_date, 60),
    ],
    id: idOf,
    label: ({ id, version }) => `${id} version ${version}`,
    load: async () => {
      const all = await api.get<{ id: string; versions: Version[] }[]>('/api/models')
      return { rows: all.flatMap(({ id, versions }) => versions.map((version, i) => ({ ...version, id, isNewest: i === 0 }))) }
    },
    details: async (row) => [
      ...describe(row),
      { heading: 'Files' },
      ...row.files.map((file) => ({ text: file })),
      { label: 'Changed', value: sayTime(row.created_date) },
      ...(row.note ? [{ label: 'Note', value: row.note }] : []),
    ],
    actions: createActions(api),
    empty: 'There are no models. Copy an ONNX file into the folder models, or add one with n.',
    refreshSeconds: 15,
  })
