// The pane of storage: what takes how much of the disk, places of the data directory and the largest tasks; caches are freed.
import type { ShownStorage } from '../../server/admin/routes'
import type { Api } from '../api'
import { type Action, definePane, type Pane } from '../pane'
import { sayAge } from '../show-rows'
import { showBytes, showCount } from '../show-values'

type Row = { id: string; name: string; about: string; bytes: number; files: number; path: string; isTask: boolean }

/** What can be thrown away, and how it comes back. */
const throwAway: Record<string, string> = {
  cache: 'Chunks and previews are made again when somebody asks for them.',
  results: 'Results whose time is over are removed with e.',
  uploads: 'Uploads that were given up are removed with e.',
}

const createActions = (api: Api): Action<Row>[] => [
  {
    key: 'c',
    label: 'free all',
    needs: 'nothing',
    prepare: () => ({
      kind: 'question',
      text: 'Free the cache, and remove results and uploads whose time is over?',
      warning: 'Chunks and previews are made again when somebody asks for them, which takes a moment each.',
    }),
    run: async () => {
      const { bytes, files } = await api.send('POST', '/api/admin/storage/free', { parts: ['cache', 'expired'] })
      return { said: `${showBytes(bytes)} in ${showCount(files, 'file')} were freed.` }
    },
  },
  {
    key: 'e',
    label: 'free expired',
    needs: 'nothing',
    run: async () => {
      const { bytes, files } = await api.send('POST', '/api/admin/storage/free', { parts: ['expired'] })
      return { said: `${showBytes(bytes)} in ${showCount(files, 'file')} were freed.` }
    },
  },
  {
    key: 'm',
    label: 'measure again',
    needs: 'nothing',
    run: async () => {
      await api.get('/api/admin/storage', { again: 1 })
      return { said: 'Everything was measured anew.' }
    },
  },
  {
    key: 't',
    label: 'task',
    needs: 'row',
    isOffered: ({ isTask }) => isTask,
    goTo: ({ id }) => ({ pane: 'tasks', filter: `id:${id.replace('task ', '')}` }),
    run: async () => ({ said: '' }),
  },
]

const listPlaces = ({ places, tasks, data_dir }: ShownStorage): Row[] => [
  ...places.map((place): Row => ({ ...place, id: place.name, path: `${data_dir}/${place.name}`, isTask: false })),
  ...tasks.map(
    ({ id, name, bytes, files }): Row => ({
      id: `task ${id}`,
      name: `task ${id} ${name ?? '(removed)'}`,
      about:
        name === null
          ? 'Media of a task that is gone: annolith doctor looks after them.'
          : `Media of the task “${name}”, part of data.`,
      bytes,
      files,
      path: `${data_dir}/data/${id}`,
      isTask: name !== null,
    }),
  ),
]

const sayDisk = ({ disk, measured_date }: ShownStorage) => {
  const text = `Disk: ${disk.percent} % used, ${showBytes(disk.free)} of ${showBytes(disk.total)} free; new files are refused at ${disk.limit} %. Measured ${sayAge(measured_date)}.`
  return {
    text,
    tone:
      disk.percent >= disk.limit ? ('bad' as const) : disk.percent >= disk.limit - 10 ? ('warn' as const) : ('plain' as const),
  }
}

export const createStorage = (api: Api): Pane =>
  definePane<Row>({
    name: 'storage',
    aliases: ['caches', 'disk'],
    title: 'Storage',
    about: 'What takes how much of the disk: places of the data directory, then the media of the largest tasks.',
    columns: [
      { title: 'Name', width: 'rest', show: ({ name }) => name },
      { title: 'Size', width: 8, right: true, show: ({ bytes }) => showBytes(bytes), sort: ({ bytes }) => bytes },
      { title: 'Files', width: 9, right: true, from: 36, show: ({ files }) => String(files), sort: ({ files }) => files },
      { title: 'What', width: 'rest', from: 70, show: ({ about }) => about },
    ],
    id: ({ id }) => id,
    label: ({ name }) => name,
    load: async () => {
      const storage = await api.get<ShownStorage>('/api/admin/storage')
      return { rows: listPlaces(storage), note: sayDisk(storage) }
    },
    details: async ({ about, path, bytes, files, name }) => [
      { text: `${about}${/\.$/.test(about) ? '' : '.'}` },
      ...(throwAway[name] ? [{ text: throwAway[name], tone: 'muted' as const }] : []),
      { label: 'Path', value: path },
      { label: 'Holds', value: `${showBytes(bytes)} in ${showCount(files, 'file')}` },
    ],
    actions: createActions(api),
    empty: 'The data directory is empty.',
    refreshSeconds: 30,
  })
