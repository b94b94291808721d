// /admin/settings: who may register, and every option with its value; /welcome: the first steps of a new server.

import type { Children } from '@kitajs/html'
import { count } from 'drizzle-orm'
import { CheckField, Notice, PageHead, Problem } from '../../web/ui/form'
import { say, t } from '../../web/ui/i18n/message'
import { Icon, type IconName } from '../../web/ui/icon'
import { FormToken, type Page, problemsOf, showPage, type Visit } from '../auth/service'
import { cloudStorages } from '../cloud-storages/schema'
import { config, explainConfig } from '../config'
import { db } from '../db/open'
import { redirectTo } from '../http/html'
import { can } from '../policy/can'
import { projects } from '../projects/schema'
import { AdminFrame, receiveAdminForm, showAdminPage } from './frame'
import { chooseSignUp, isSignUpFixed } from './sign-up'

const SignUp = ({ request, next, problem }: { request: Request; next: string; problem?: string }) => (
  <form class="grid gap-3" method="post" action="/admin/settings" data-submit-once>
    <FormToken request={request} />
    <input type="hidden" name="next" value={next} />
    <Problem text={problem} testid="sign-up-error" />
    <fieldset class="grid gap-1" disabled={isSignUpFixed()}>
      <legend class="label mb-1">{say('Who may register')}</legend>
      <CheckField
        type="radio"
        name="sign_up"
        value="closed"
        label="Nobody: administrators make accounts, organizations invite"
        isOn={config().sign_up === 'closed'}
        testid="sign-up-closed"
      />
      <CheckField
        type="radio"
        name="sign_up"
        value="open"
        label="Anybody who can reach this server"
        isOn={config().sign_up === 'open'}
        testid="sign-up-open"
      />
    </fieldset>
    {isSignUpFixed() ? (
      <p class="hint">{say('The variable ANNOLITH_SIGN_UP decides this.')}</p>
    ) : (
      <div>
        <button type="submit" class="btn" data-testid="sign-up-submit">
          {say('Save')}
        </button>
      </div>
    )}
  </form>
)

const settingsPage = ({ request, query }: Visit, problem?: string): Page => ({
  title: t('Settings'),
  section: 'admin',
  status: problem ? 400 : 200,
  body: (
    <AdminFrame tab="/admin/settings" title={t('Settings')}>
      <div class="grid grid-cols-[minmax(0,1fr)] gap-4">
        <Notice text={query.saved ? t('Saved.') : undefined} testid="sign-up-saved" />
        <section class="card p-4" aria-label={t('Registration')}>
          <SignUp request={request} next="/admin/settings" problem={problem} />
        </section>
        <section class="card min-w-0" aria-label={t('All options')}>
          <h2 class="px-4 py-3">{say('All options')}</h2>
          <div class="overflow-x-auto border-t border-line" tabindex="0">
            <table class="grid-table slim">
              <thead>
                <tr>
                  <th scope="col">{say('Option')}</th>
                  <th scope="col">{say('Value')}</th>
                  <th scope="col" class="max-md:hidden">
                    {say('Meaning')}
                  </th>
                </tr>
              </thead>
              <tbody>
                {explainConfig(config()).map(({ key, value, about, variable }) => (
                  <tr>
                    <td class="w-56 font-mono text-[13px] max-md:w-2/5 max-md:[overflow-wrap:anywhere]" title={variable} safe>
                      {key}
                    </td>
                    <td class="max-w-60 truncate font-mono max-md:max-w-0 text-[13px]" title={value} safe>
                      {value || '–'}
                    </td>
                    <td class="text-[13px] text-muted max-md:hidden" safe>
                      {t(about)}
                    </td>
                  </tr>
                ))}
              </tbody>
            </table>
          </div>
        </section>
        <p class="hint">
          {say('Other options are set in annolith.toml or by ANNOLITH_ variables and hold from the next start on.')}
        </p>
      </div>
    </AdminFrame>
  ),
})

export const showSettings = showAdminPage(async (visit) => settingsPage(visit))

export const receiveSettings = receiveAdminForm(async (visit, fields) => {
  try {
    chooseSignUp(fields.sign_up?.[0])
    return redirectTo(fields.next?.[0] === '/welcome' ? '/welcome?saved=1' : '/admin/settings?saved=1')
  } catch (error) {
    return settingsPage(visit, Object.values(problemsOf(error)).join(' '))
  }
})

type StepProps = { icon: IconName; title: string; text: string; isDone: boolean; children?: Children }

const Step = ({ icon, title, text, isDone, children }: StepProps) => (
  <li class="card grid grid-cols-[40px_minmax(0,1fr)] gap-3 p-4">
    <span
      class={['grid size-10 place-items-center rounded-full', isDone ? 'bg-success-soft text-success' : 'bg-hover text-muted']}
    >
      <Icon name={isDone ? 'check' : icon} />
    </span>
    <div class="grid gap-2">
      <h2 safe>{title}</h2>
      <p class="text-muted" safe>
        {text}
      </p>
      <div class="flex flex-wrap gap-2">{children}</div>
    </div>
  </li>
)

const countOf = async (table: typeof projects | typeof cloudStorages) =>
  (await db.select({ n: count() }).from(table as typeof projects))[0]!.n

/** The first steps; for everybody the project and the sample, for administrators the server too. */
export const showWelcome = showPage(async ({ who, query, request, context }) => {
  const [madeProjects, connected] = await Promise.all([countOf(projects), countOf(cloudStorages)])
  const organizationId = context.kind === 'organization' ? context.id : null
  const mayCreate = can(who, 'project', 'create', { organizationId })
  const mayConnect = can(who, 'cloud-storage', 'create', { organizationId })
  return {
    title: t('Welcome'),
    body: (
      <div class="mx-auto max-w-[720px]">
        <PageHead title={t('Welcome to Annolith')} />
        <p class="mb-4 text-muted">{say('A few steps, in any order; each can be done later.')}</p>
        <Notice text={query.saved ? t('Saved.') : undefined} />
        <ol class="mt-4 grid gap-3" data-testid="welcome">
          {who.admin && (
            <Step
              icon="users"
              title={t('Choose who may register')}
              text={t('This can be changed at any time under Administration.')}
              isDone={Boolean(query.saved)}
            >
              <SignUp request={request} next="/welcome" />
            </Step>
          )}
          {mayConnect && (
            <Step
              icon="cloudPlain"
              title={t('Connect storage')}
              text={t('Optional: make tasks from files in S3, Azure or Google Cloud, and send exports there.')}
              isDone={connected > 0}
            >
              <a class="btn" href="/cloudstorages/create" data-testid="welcome-storage">
                {say('Connect storage')}
              </a>
            </Step>
          )}
          {mayCreate && (
            <Step
              icon="folder"
              title={t('Make the first project')}
              text={t(
                'A project holds tasks that share the same labels. The sample shows how it looks: four photographs with labels and shapes.',
              )}
              isDone={madeProjects > 0}
            >
              <a class="btn btn-primary" href="/projects/create" data-testid="welcome-project">
                {say('New project')}
              </a>
              <button type="button" class="btn" data-sample hidden data-testid="welcome-sample">
                {say('Add the sample project')}
              </button>
            </Step>
          )}
          {mayCreate || who.admin ? (
            ''
          ) : (
            <Step
              icon="briefcase"
              title={t('Work on jobs')}
              text={t('What is assigned to you is listed under Jobs.')}
              isDone={false}
            >
              <a class="btn btn-primary" href="/jobs">
                {say('To the jobs')}
              </a>
            </Step>
          )}
        </ol>
        <p class="mt-3 text-[13px] text-muted" role="status" data-sample-state data-testid="welcome-state"></p>
        <div class="mt-3 flex justify-end">
          <a class="btn" href="/tasks">
            {say('To the tasks')}
          </a>
        </div>
      </div>
    ),
  }
})
