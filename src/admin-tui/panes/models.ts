// The pane of models: files that annotate, in which versions they are there, and what is wrong with those that cannot be used.
import { basename } from 'node:path'
import { isGood, listModels, type ModelVersion } from '../../server/functions/onnx/catalogue'
import { addModel, removeModel } from '../../server/functions/onnx/store'
import { showValue } from '../../server/functions/onnx/tensor'
import { tryModel } from '../../server/functions/onnx/try-model'
import { type Action, type Detail, definePane } from '../pane'
import { showAge, showBytes, showCount, showTime } from '../show-values'

type Row = ModelVersion

const idOf = ({ id, version }: Row) => `${id}@${version}`

/** Paths as they are typed: separated by commas. */
const readPaths = (text: string) => text.split(',').flatMap((part) => part.trim() || [])

const actions: Action<Row>[] = [
  {
    key: 'n',
    label: 'add model',
    needs: 'nothing',
    prepare: () => ({
      kind: 'form',
      title: 'Add a model, or a version of one',
      fields: [
        { name: 'id', label: 'Name', kind: 'text', isRequired: true },
        { name: 'files', label: 'Files (.onnx and .yaml, with commas between)', kind: 'text', isRequired: true },
        { name: 'note', label: 'Note', kind: 'text' },
      ],
    }),
    run: async (_, { id = '', files = '', note = '' }) => {
      const given = readPaths(files).map((path) => ({ name: basename(path), path }))
      const added = await addModel({ id: id.trim(), files: given, note: note.trim() })
      return { said: `“${added.id}” version ${added.version} was added.`, select: idOf(added) }
    },
  },
  {
    key: 't',
    label: 'try on a picture',
    needs: 'row',
    isOffered: isGood,
    prepare: (row) => ({
      kind: 'form',
      title: `Try “${row.id}” version ${row.version}`,
      fields: [{ name: 'path', label: 'Picture', kind: 'text', isRequired: true }],
    }),
    run: async (row, { path = '' }) => {
      if (!isGood(row)) throw new Error(row.problem)
      const started = performance.now()
      const found = await tryModel(row, path.trim(), null)
      const seconds = ((performance.now() - started) / 1000).toFixed(1)
      const counts = Map.groupBy(found, (one) => ('label' in one ? one.label : one.type))
      const what = [...counts].map(([name, own]) => `${own.length} ${name}`).join(', ')
      return { said: `${showCount(found.length, 'object')}${what && ` (${what})`} in ${seconds} s, with loading.` }
    },
  },
  {
    key: 'd',
    label: 'remove',
    needs: 'row',
    prepare: ({ id, version, paths }) => ({
      kind: 'question',
      text: `Remove version ${version} of “${id}”?`,
      warning: `Deletes ${paths.join(', ')}. What it has annotated stays.`,
    }),
    run: async ({ id, version }) => {
      await removeModel(id, version)
      return { said: `“${id}” version ${version} is gone.` }
    },
  },
]

const describe = (row: Row): Detail[] => {
  if (!isGood(row)) return [{ label: 'Problem', value: row.problem, tone: 'bad' }]
  const { spec } = row.ref
  const { input } = spec
  const [file] = 'main' in row.parts ? [row.parts.main] : [row.parts.encoder]
  const labels = spec.labels.map(({ name }) => name)
  return [
    { label: 'Name', value: row.title },
    { label: 'Family', value: spec.family },
    { label: 'Input', value: `${input.width} × ${input.height}, ${input.channels}, ${input.fit}` },
    ...(labels.length ? [{ label: 'Labels', value: labels.join(', ') }] : []),
    ...(row.about ? [{ text: row.about }] : []),
    { heading: 'Tensors' },
    ...file.inputs.map((value) => ({ label: 'In', value: showValue(value) })),
    ...spec.outputs.map((value) => ({ label: 'Out', value: showValue(value) })),
  ]
}

export const models = definePane<Row>({
  name: 'models',
  title: 'Models',
  about: 'Models that annotate: ONNX files in the folder models. Loaded when somebody asks them.',
  columns: [
    { title: 'Name', width: 'rest', show: ({ id }) => id },
    { title: 'Version', width: 7, right: true, show: ({ version }) => String(version) },
    {
      title: 'Family',
      width: 13,
      show: (row) => (isGood(row) ? row.ref.spec.family : 'unusable'),
      tone: (row) => (isGood(row) ? 'plain' : 'bad'),
    },
    { title: 'Size', width: 8, right: true, show: ({ bytes }) => showBytes(bytes) },
    { title: 'Changed', width: 10, show: ({ created }) => showAge(created), from: 60 },
  ],
  id: idOf,
  label: ({ id, version }) => `${id} version ${version}`,
  load: async () => ({ rows: (await listModels()).flatMap(({ versions }) => versions) }),
  details: async (row) => [
    ...describe(row),
    { heading: 'Files' },
    ...row.paths.map((path) => ({ label: 'Path', value: path })),
    { label: 'Changed', value: showTime(row.created) },
    ...(row.note ? [{ label: 'Note', value: row.note }] : []),
  ],
  actions,
  empty: 'There are no models. Copy an ONNX file into the folder models, or add one with n.',
  refreshSeconds: 15,
})
