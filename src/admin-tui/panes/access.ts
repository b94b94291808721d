// The pane of sessions and tokens: who can get in at the moment, and by what.
import type { Access } from '../../server/admin/access'
import type { Api } from '../api'
import { definePane, type Pane } from '../pane'
import { ageColumn, sayTime } from '../show-rows'
import { showCount } from '../show-values'

const kinds: Record<Access['kind'], string> = {
  session: 'A browser that is signed in.',
  key: 'The key that a client got by signing in; it is sent as “Authorization: Token”.',
  token: 'A personal access token; it is sent as “Authorization: Bearer”.',
}

export const createAccess = (api: Api): Pane =>
  definePane<Access>({
    name: 'access',
    aliases: ['sessions', 'tokens'],
    title: 'Access',
    about: 'Sessions of browsers, keys of clients and personal access tokens: what lets people in now.',
    columns: [
      { title: 'User', width: 'rest', show: ({ user }) => user.username },
      { title: 'Kind', width: 7, show: ({ kind }) => kind },
      { title: 'Name', width: 'rest', from: 50, show: ({ name, id }) => name || id },
      { title: 'May', width: 5, show: ({ read_only }) => (read_only ? 'read' : 'all') },
      ageColumn('Used', ({ last_used_date, created_date }) => last_used_date ?? created_date, 60),
    ],
    id: ({ kind, id }) => `${kind}/${id}`,
    label: ({ user, kind, name }) => `${user.username}: ${name || kind}`,
    load: async () => ({ rows: await api.get<Access[]>('/api/admin/access') }),
    details: async ({ kind, id, user, name, read_only, created_date, last_used_date, expiry_date }) => [
      { text: kinds[kind] },
      { label: 'User', value: `${user.username} (${user.id})` },
      { label: 'Name', value: name },
      { label: 'ID', value: id },
      { label: 'May', value: read_only ? 'only read' : 'everything that the person may' },
      ...(kind === 'session' ? [] : [{ label: 'Made', value: sayTime(created_date, 'not known') }]),
      ...(kind === 'token' ? [{ label: 'Used', value: sayTime(last_used_date) }] : []),
      { label: 'Ends', value: sayTime(expiry_date, 'never') },
    ],
    actions: [
      {
        key: 'd',
        label: 'end',
        needs: 'rows',
        prepare: (row, rows) => ({
          kind: 'question',
          text: `End ${rows.length === 1 ? `this ${row.kind} of “${row.user.username}”` : showCount(rows.length, 'way in', 'ways in')}?`,
          warning: 'What uses it is shut out at once.',
        }),
        run: async ({ kind, id, user }) => {
          await api.send('DELETE', `/api/admin/access/${kind}/${id}`)
          return { said: `A ${kind} of “${user.username}” was ended.` }
        },
      },
    ],
    empty: 'Nobody is signed in, and there are no tokens.',
    refreshSeconds: 5,
  })
