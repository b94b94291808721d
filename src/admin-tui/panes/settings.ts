// The pane of settings: every option with its value and meaning. Read-only: they are read once at the start.
import { config, explainConfig } from '../../server/config'
import { definePane } from '../pane'

type Row = ReturnType<typeof explainConfig>[number]

export const settings = definePane<Row>({
  name: 'settings',
  title: 'Settings',
  about: 'Options as this process reads them from variables and annolith.toml; a server reads them when it starts.',
  columns: [
    { title: 'Option', width: 25, show: ({ key }) => key },
    { title: 'Value', width: 'rest', show: ({ value }) => value || '–' },
  ],
  id: ({ key }) => key,
  label: ({ key }) => key,
  load: async () => ({ rows: explainConfig(config()) }),
  details: async ({ key, variable, value, about }) => [
    { text: `${about[0]?.toUpperCase()}${about.slice(1)}.` },
    { heading: 'Now' },
    { text: value || 'not set' },
    { heading: 'To change it' },
    { text: `${variable}=… in the environment, or` },
    { text: `${key} = … in ${config().dataDir}/annolith.toml,` },
    { text: 'then start the server again.' },
  ],
  actions: [],
  empty: 'There are no options.',
  refreshSeconds: 60,
})
