// Actions that projects, tasks and jobs have in common.
import { type Api, listRows } from './api'
import type { Action } from './pane'
import { nameOf, type Person } from './show-rows'
import { showCount } from './show-values'

type Row = { id: number; name?: string; assignee: Person }
type Kind = { path: string; noun: string }

const quote = (rows: Row[], noun: string) =>
  rows.length === 1 ? `${noun} ${rows[0]!.id}${rows[0]!.name ? ` “${rows[0]!.name}”` : ''}` : showCount(rows.length, noun)

const nobody = '(nobody)'

/** Gives rows to somebody; `field` is the name of the assignee's id in the body. */
export const assignAction = (api: Api, { path, field, noun }: Kind & { field: string }): Action<any> => {
  const give = (id: number, person: number | null) => api.send('PATCH', `/api/${path}/${id}`, { [field]: person })
  return {
    key: 'a',
    label: 'assign',
    needs: 'rows',
    prepare: async (row: Row, rows: Row[]) => {
      const { rows: people } = await listRows<{ username: string }>(api, '/api/users', { is_active: 'true' })
      return {
        kind: 'form',
        title: `Assign ${quote(rows, noun)}`,
        fields: [
          {
            name: 'username',
            label: 'To',
            kind: 'pick',
            options: [nobody, ...people.map(({ username }) => username)],
            value: nameOf(row.assignee) || nobody,
          },
        ],
      }
    },
    run: async (row: Row, { username = '' }) => {
      const [person] =
        username === nobody ? [] : (await listRows<{ id: number; username: string }>(api, '/api/users', { username })).rows
      if (username !== nobody && !person) throw new Error(`There is no user “${username}” any more.`)
      await give(row.id, person?.id ?? null)
      return {
        said: `${noun} ${row.id} ${person ? `is assigned to “${username}”` : 'is assigned to nobody'} now.`,
        undo: {
          said: `Undone: ${noun} ${row.id} is assigned to ${nameOf(row.assignee) || 'nobody'} again.`,
          run: () => give(row.id, row.assignee?.id ?? null),
        },
      }
    },
  }
}

/** Removes rows for good: their number, or the id of a single one, has to be typed. */
export const removeAction = (
  api: Api,
  { path, noun, warning, isOffered }: Kind & { warning: string; isOffered?: (row: any) => boolean },
): Action<any> => ({
  key: 'X',
  label: 'remove',
  needs: 'rows',
  ...(isOffered && { isOffered }),
  prepare: (row: Row, rows: Row[]) => ({
    kind: 'question',
    text: `Remove ${quote(rows, noun)} for good?`,
    warning,
    typed: rows.length === 1 ? String(row.id) : String(rows.length),
  }),
  run: async (row: Row) => {
    await api.send('DELETE', `/api/${path}/${row.id}`)
    return { said: `${quote([row], noun)} was removed.` }
  },
})
