// /invitations: those for oneself, to accept or decline; /invitations/{key}: one of them, where the link of a mail leads.

import { Elysia } from 'elysia'
import { say, t } from '../../web/ui/i18n/message'
import { Empty } from '../../web/ui/list'
import { Ago } from '../../web/ui/parts'
import { FormToken, type Page, receiveForm, showPage, type Visit, wordsOf } from '../auth/service'
import { redirectTo } from '../http/html'
import { isoTime } from '../http/json'
import { readConditions } from '../http/page'
import {
  acceptInvitation,
  declineInvitation,
  getInvitation,
  listInvitations,
  listOptions,
  showInvitation,
} from '../invitations/service'
import type { Invitation } from './invite-page'

const nameOf = ({ organization }: Invitation) => organization.name || organization.slug
const inviterOf = ({ owner }: Invitation) => owner?.username ?? t('Somebody')

type AnswerProps = { visit: Visit; row: Invitation; isSmall: boolean }

/** The two buttons; an expired one can only be declined. */
const Answer = ({ visit: { request, origin }, row, isSmall }: AnswerProps) => {
  const path = `/invitations/${row.invitation.key}`
  const size = isSmall ? 'btn btn-small' : 'btn'
  return (
    <>
      {showInvitation(origin, row).expired ? (
        ''
      ) : (
        <form class="inline" method="post" action={`${path}/accept`} data-submit-once>
          <FormToken request={request} />
          <button type="submit" class={`${size} btn-primary`} data-testid="row-accept">
            {say('Accept')}
          </button>
        </form>
      )}{' '}
      <form class="inline" method="post" action={`${path}/decline`} data-submit-once>
        <FormToken request={request} />
        <button type="submit" class={size} data-testid="row-decline">
          {say('Decline')}
        </button>
      </form>
    </>
  )
}

const InvitationRow = ({ visit, row }: { visit: Visit; row: Invitation }) => (
  <tr data-testid={`invitation-${row.invitation.key}`}>
    <td class="max-w-0">
      <a
        class="block truncate font-medium hover:text-accent"
        href={`/invitations/${row.invitation.key}`}
        dir="auto"
        data-testid="row-open"
        safe
      >
        {nameOf(row)}
      </a>
    </td>
    <td class="w-36 truncate text-soft max-md:hidden" dir="auto" safe>
      {inviterOf(row)}
    </td>
    <td class="w-28 text-muted max-md:hidden">
      <Ago iso={isoTime(row.invitation.createdDate)} />
    </td>
    <td class="w-28 max-sm:hidden">
      <span class="badge plain">{row.membership.role}</span>
    </td>
    <td class="w-44 text-end whitespace-nowrap">
      <Answer visit={visit} row={row} isSmall />
    </td>
  </tr>
)

const maxShown = 500

const showMine = showPage(async (visit) => {
  const { who } = visit
  const conditions = readConditions({ user_id: String(who.user.id), accepted: 'false' }, listOptions)
  const { rows } = await listInvitations(who, { kind: 'any' }, conditions, [], { page: 1, size: maxShown, offset: 0 })
  return {
    title: t('Invitations'),
    body: (
      <div class="mx-auto grid max-w-[760px] grid-cols-[minmax(0,1fr)] gap-4">
        <h1>{say('Invitations')}</h1>
        <section class="card" aria-label={t('Invitations')}>
          {rows.length ? (
            <table class="grid-table">
              <thead>
                <tr>
                  <th scope="col">{say('Organization')}</th>
                  <th scope="col" class="max-md:hidden">
                    {say('Invited by')}
                  </th>
                  <th scope="col" class="max-md:hidden">
                    {say('When')}
                  </th>
                  <th scope="col" class="max-sm:hidden">
                    {say('Role')}
                  </th>
                  <th scope="col">
                    <span class="sr-only">{say('Answer')}</span>
                  </th>
                </tr>
              </thead>
              <tbody>
                {rows.map((row) => (
                  <InvitationRow visit={visit} row={row} />
                ))}
              </tbody>
            </table>
          ) : (
            <Empty icon="boxes" title="No invitations" text="When somebody invites you to an organization, it stands here." />
          )}
        </section>
      </div>
    ),
  }
})

const Enter = ({ visit, row }: { visit: Visit; row: Invitation }) => (
  <form method="post" action={`/invitations/${row.invitation.key}/accept`} data-submit-once>
    <FormToken request={visit.request} />
    <button type="submit" class="btn btn-primary" data-testid="invitation-enter">
      {say('Open the organization')}
    </button>
  </form>
)

const describeState = (visit: Visit, row: Invitation, isMine: boolean) => {
  if (row.membership.isActive) return isMine ? t('You are a member.') : t('It is accepted.')
  if (showInvitation(visit.origin, row).expired) return t('It is too old to be accepted. Ask for a new one.')
  return isMine
    ? t('You see the projects and tasks that are shared with you there once you accept.')
    : t('It waits for an answer.')
}

/** One invitation. `problem`: why it could not be accepted. */
const renderOne = (visit: Visit, row: Invitation, problem = ''): Page => {
  const isMine = row.membership.userId === visit.who.user.id
  return {
    title: t('Invitation'),
    status: problem ? 400 : 200,
    body: (
      <section class="card mx-auto grid max-w-[480px] gap-4 p-6" data-testid={`invitation-${row.invitation.key}`}>
        <h1 class="text-[16px] leading-6" dir="auto" safe>
          {nameOf(row)}
        </h1>
        <p dir="auto" safe>
          {isMine
            ? t('{inviter} invited you as {role}.', { inviter: inviterOf(row), role: t(row.membership.role) })
            : t('{inviter} invited {person} as {role}.', {
                inviter: inviterOf(row),
                person: row.user.email || row.user.username,
                role: t(row.membership.role),
              })}
        </p>
        <p class="hint" data-testid="invitation-state" safe>
          {describeState(visit, row, isMine)}
        </p>
        {problem ? (
          <div class="problem" role="alert" data-testid="invitation-error">
            <span safe>{problem}</span>
          </div>
        ) : (
          ''
        )}
        {problem && !visit.who.user.emailVerified ? (
          <a class="link" href="/auth/email-confirmation" data-testid="invitation-verify">
            {say('Have the mail of confirmation sent again')}
          </a>
        ) : (
          ''
        )}
        {isMine ? (
          <div class="flex gap-2">
            {row.membership.isActive ? <Enter visit={visit} row={row} /> : <Answer visit={visit} row={row} isSmall={false} />}
          </div>
        ) : (
          ''
        )}
      </section>
    ),
  }
}

const showOne = showPage(async (visit, { key = '' }) => renderOne(visit, await getInvitation(visit.who, key)))

/** As islands/shell.ts remembers the active organization. */
const enterOrganization = (slug: string) =>
  redirectTo('/organization', [`organization=${slug}; Path=/; Max-Age=31536000; SameSite=Lax`])

const accept = receiveForm(async (visit, _fields, { key = '' }) => {
  const row = await getInvitation(visit.who, key)
  if (row.membership.isActive) return enterOrganization(row.organization.slug)
  try {
    return enterOrganization((await acceptInvitation(visit.who, key)).organization_slug)
  } catch (error) {
    return renderOne(visit, row, wordsOf(error))
  }
})

const decline = receiveForm(async (visit, _fields, { key = '' }) => {
  await declineInvitation(visit.who, key)
  return redirectTo('/invitations')
})

export const invitationPages = new Elysia({ name: 'invitation-pages', detail: { hide: true } })
  .get('/invitations', showMine)
  .get('/invitations/:key', showOne)
  .post('/invitations/:key/accept', accept)
  .post('/invitations/:key/decline', decline)
