// The pane of invitations to organizations: sent again, or taken back.
import { type Api, listRows } from '../api'
import { definePane, type Pane } from '../pane'
import { ageColumn, nameOf, type Person, sayTime } from '../show-rows'
import { showCount } from '../show-values'

type Invitation = {
  key: string
  created_date: string
  expired?: boolean
  owner: Person
  user: Person
  role: string
  organization_info?: { slug: string; name: string } | null
  accepted?: boolean
}

const stateOf = ({ expired }: Invitation) => (expired ? 'expired' : 'waits')
const nameInvited = ({ user }: Invitation) => nameOf(user) || 'somebody new'

export const createInvitations = (api: Api): Pane =>
  definePane<Invitation>({
    name: 'invitations',
    title: 'Invitations',
    about: 'Invitations to organizations that were not accepted yet.',
    columns: [
      { title: 'Organization', width: 16, show: ({ organization_info }) => organization_info?.slug ?? '' },
      { title: 'Invited', width: 'rest', show: nameInvited },
      { title: 'Role', width: 10, show: ({ role }) => role },
      { title: 'State', width: 7, show: stateOf, tone: ({ expired }) => (expired ? 'warn' : 'plain') },
      ageColumn('Sent', ({ created_date }) => created_date, 56),
    ],
    id: ({ key }) => key,
    label: nameInvited,
    load: () => listRows<Invitation>(api, '/api/invitations', { accepted: 'false' }),
    details: async (row) => [
      { label: 'Invited', value: nameInvited(row) },
      { label: 'By', value: nameOf(row.owner) || 'somebody who is gone' },
      { label: 'To', value: row.organization_info?.slug ?? '' },
      { label: 'Role', value: row.role },
      { label: 'Sent', value: sayTime(row.created_date) },
      { label: 'State', value: row.expired ? 'expired: send it again with r' : 'waits to be accepted' },
    ],
    actions: [
      {
        key: 'r',
        label: 'send again',
        needs: 'rows',
        run: async (row) => {
          await api.send('POST', `/api/invitations/${row.key}/resend`)
          return { said: `The invitation of “${nameInvited(row)}” was sent again.` }
        },
      },
      {
        key: 'd',
        label: 'take back',
        needs: 'rows',
        prepare: (row, rows) => ({
          kind: 'question',
          text: `Take ${rows.length === 1 ? `the invitation of “${nameInvited(row)}”` : showCount(rows.length, 'invitation')} back?`,
        }),
        run: async (row) => {
          await api.send('DELETE', `/api/invitations/${row.key}`)
          return { said: `The invitation of “${nameInvited(row)}” was taken back.` }
        },
      },
    ],
    empty: 'No invitation waits to be accepted. People are invited on the pages of an organization.',
    refreshSeconds: 5,
  })
