// The pane of the configuration: every option with its value, meaning, and where the value comes from. Read when a server starts.
import type { Api } from '../api'
import { definePane, type Pane } from '../pane'

type Option = { key: string; variable: string; value: string; about: string; source: string }
type Row = Option & { file: string }

const kindOf = ({ source, variable }: Option) =>
  source === '' ? 'default' : source === variable ? 'variable' : source.startsWith('--') ? 'flag' : 'file'

export const createConfiguration = (api: Api): Pane =>
  definePane<Row>({
    name: 'configuration',
    aliases: ['settings', 'config'],
    title: 'Configuration',
    about: 'Options as the asked process reads them from flags, variables and annolith.toml; a server reads them when it starts.',
    columns: [
      { title: 'Option', width: 25, show: ({ key }) => key },
      { title: 'Value', width: 'rest', show: ({ value }) => value || '–' },
      { title: 'From', width: 8, from: 56, show: kindOf, tone: ({ source }) => (source ? 'accent' : 'muted') },
    ],
    id: ({ key }) => key,
    label: ({ key }) => key,
    load: async () => {
      const { options, file } = await api.get<{ options: Option[]; file: string }>('/api/admin/configuration')
      const rows = options.map((option) => ({ ...option, file }))
      // Of a server that was started with flags, this console beside it does not know them.
      const note = {
        text: 'As they are read on this machine now; a running server has those of its start.',
        tone: 'muted' as const,
      }
      return api.place ? { rows } : { rows, note }
    },
    details: async ({ key, variable, value, about, source, file }) => [
      { text: `${about[0]?.toUpperCase()}${about.slice(1)}.` },
      { heading: 'Now' },
      { text: value || 'not set' },
      { text: source ? `set by ${source}` : 'the default', tone: 'muted' },
      { heading: 'To change it' },
      { text: `${variable}=… in the environment, or` },
      { text: `${key} = … in ${file},` },
      { text: 'then start the server again.' },
    ],
    actions: [],
    empty: 'There are no options.',
    refreshSeconds: 60,
  })
