// The pane of backups of the whole server: which there are, when the next comes; one is made or checked now.
import type { ShownBackups, ShownSnapshot } from '../../server/admin/server-backups'
import type { Api } from '../api'
import { definePane, type Pane } from '../pane'
import { ageColumn, sayAge, sayTime } from '../show-rows'
import { showBytes } from '../show-values'

type Row = ShownSnapshot & { verified: string }

const sayState = ({
  target,
  work,
  schedule,
  snapshots,
}: ShownBackups): { text: string; tone: 'plain' | 'accent' | 'warn' | 'bad' | 'good' } => {
  if (!target) return { text: 'No backups are made: set backup_target to a folder or an s3:// address.', tone: 'warn' }
  if (work?.state === 'running')
    return {
      text: `${work.kind === 'create' ? 'A backup is being made' : `${work.id} is being checked`}: ${work.message} …`,
      tone: 'accent',
    }
  if (work?.state === 'failed') return { text: `Failed: ${work.message}`, tone: 'bad' }
  const newest = snapshots[0] ? `Newest ${sayAge(snapshots[0].created)}` : 'There is no backup yet'
  return { text: `${work ? `Done: ${work.message} · ` : ''}${newest} · ${schedule}`, tone: work ? 'good' : 'plain' }
}

export const createBackups = (api: Api): Pane =>
  definePane<Row>({
    name: 'backups',
    title: 'Backups',
    about: 'Backups of the whole server at backup_target. They are made while it runs.',
    columns: [
      { title: 'Backup', width: 20, show: ({ id }) => id },
      ageColumn('Made', ({ created }) => created),
      { title: 'Rows', width: 9, right: true, from: 60, show: ({ rows }) => String(rows), sort: ({ rows }) => rows },
      { title: 'Files', width: 8, right: true, from: 50, show: ({ files }) => String(files), sort: ({ files }) => files },
      { title: 'Size', width: 8, right: true, from: 42, show: ({ bytes }) => showBytes(bytes), sort: ({ bytes }) => bytes },
      {
        title: 'Checked',
        width: 'rest',
        show: ({ verified }) => verified || 'no',
        tone: ({ verified }) => (verified ? (verified === 'whole' ? 'good' : 'bad') : 'muted'),
      },
    ],
    id: ({ id }) => id,
    label: ({ id }) => id,
    load: async () => {
      const shown = await api.get<ShownBackups>('/api/admin/backups')
      return { rows: shown.snapshots.map((one) => ({ ...one, verified: shown.verified[one.id] ?? '' })), note: sayState(shown) }
    },
    details: async (row) => [
      { label: 'Made', value: sayTime(row.created) },
      { label: 'By version', value: row.version },
      { label: 'Holds', value: `${row.rows} rows, ${row.files} files of ${showBytes(row.bytes)}` },
      { label: 'New in it', value: `${row.copied} files; the others were there already` },
      {
        label: 'Checked',
        value: row.verified || 'not since the start of the server',
        tone: row.verified && row.verified !== 'whole' ? 'bad' : 'plain',
      },
      { heading: 'To bring it back' },
      { text: `annolith restore TARGET --snapshot ${row.id}, into an empty data directory` },
    ],
    actions: [
      {
        key: 'b',
        label: 'back up now',
        needs: 'nothing',
        prepare: async () => {
          const { target, keep } = await api.get<ShownBackups>('/api/admin/backups')
          if (!target) throw new Error('Set backup_target to a folder or an s3:// address first (annolith.toml).')
          return {
            kind: 'question',
            text: `Make a backup in ${target} now?`,
            warning: `The newest ${keep} are kept; older ones are removed.`,
          }
        },
        run: async () => {
          await api.send('POST', '/api/admin/backups')
          return { said: 'A backup is being made; it goes on when you leave this pane.' }
        },
      },
      {
        key: 'c',
        label: 'check',
        needs: 'row',
        run: async ({ id }) => {
          await api.send('POST', `/api/admin/backups/${id}/verify`)
          return { said: `${id} is being read and checked.` }
        },
      },
    ],
    empty: 'There is no backup here yet. Press b to make one.',
    refreshSeconds: 2,
  })
