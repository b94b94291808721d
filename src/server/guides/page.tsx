// /projects/<id>/guide and /tasks/<id>/guide: the guide as annotators read it, and its editor with pictures by paste or drop.

import { eq } from 'drizzle-orm'
import { Elysia } from 'elysia'
import { Notice, PageHead, Problem } from '../../web/ui/form'
import { say, t } from '../../web/ui/i18n/message'
import { Icon } from '../../web/ui/icon'
import { Empty } from '../../web/ui/list'
import { Ago } from '../../web/ui/parts'
import { type Fields, FormToken, type Page, problemsOf, readId, receiveForm, showPage, type Visit } from '../auth/service'
import { db } from '../db/open'
import { ApiError, invalid } from '../http/errors'
import { redirectTo } from '../http/html'
import { isoTime } from '../http/json'
import { can } from '../policy/can'
import { getProject } from '../projects/service'
import { getTask } from '../tasks/service'
import { guides } from './schema'
import { createGuide, type Guide, getGuide, renderGuide, updateGuide } from './service'

const maxLength = 2 ** 20

type Home = {
  path: string
  name: string
  crumbs: { href: string; label: string }[]
  section: 'projects' | 'tasks'
  place: { task_id: number } | { project_id: number }
  guide: Guide | undefined
  mayEdit: boolean
}

const findProject = async ({ who }: Visit, params: Record<string, string>): Promise<Home> => {
  const id = readId(params)
  const [guide] = await db.select().from(guides).where(eq(guides.projectId, id))
  // Whoever works inside reads the guide without seeing the project.
  const project = await getProject(who, id).catch(async (error) => {
    if (!guide) throw error
    await getGuide(who, guide.id)
    return undefined
  })
  return {
    path: `/projects/${id}/guide`,
    name: project?.name ?? t('Project'),
    crumbs: project ? [{ href: `/projects/${id}`, label: project.name }] : [{ href: '/jobs', label: t('Jobs') }],
    section: 'projects',
    place: { project_id: id },
    guide,
    mayEdit: project !== undefined && can(who, 'guide', 'update', project),
  }
}

const findTask = async ({ who }: Visit, params: Record<string, string>): Promise<Home> => {
  const id = readId(params)
  const [guide] = await db.select().from(guides).where(eq(guides.taskId, id))
  const row = await getTask(who, id).catch(async (error) => {
    if (!guide) throw error
    await getGuide(who, guide.id)
    return undefined
  })
  const task = row?.task
  return {
    path: `/tasks/${id}/guide`,
    name: task?.name ?? t('Task'),
    crumbs: task ? [{ href: `/tasks/${id}`, label: task.name }] : [{ href: '/jobs', label: t('Jobs') }],
    section: 'tasks',
    place: { task_id: id },
    guide,
    mayEdit:
      task !== undefined &&
      can(who, 'guide', 'update', { organizationId: task.organizationId, ownerId: task.ownerId, assigneeId: task.assigneeId }),
  }
}

/** `html` was cleaned by renderGuide(). */
const Text = ({ html }: { html: string }) => <div class="guide p-4">{html as 'safe'}</div>

const Reader = async ({ home }: { home: Home }) => (
  <section class="card" aria-label={t('Guide')} data-testid="guide-shown">
    {home.guide?.markdown.trim() ? (
      <Text html={await renderGuide(home.guide.markdown)} />
    ) : (
      <Empty
        icon="book"
        title="No guide yet"
        text="A guide tells annotators what to mark and how, with pictures. It opens in the editor with their first job."
      >
        {home.mayEdit ? (
          <a class="btn btn-primary" href={`${home.path}?edit=1`} data-testid="guide-edit">
            <Icon name="pencil" />
            {say('Write a guide')}
          </a>
        ) : (
          ''
        )}
      </Empty>
    )}
  </section>
)

type EditorProps = { request: Request; home: Home; markdown: string; problem?: string; preview?: string }

const Editor = ({ request, home, markdown, problem, preview }: EditorProps) => (
  <form
    class="grid grid-cols-2 gap-4 max-md:grid-cols-1"
    method="post"
    action={home.path}
    data-submit-once
    data-guide={String(home.guide?.id ?? '')}
    data-guide-place={JSON.stringify(home.place)}
  >
    <FormToken request={request} />
    <input type="hidden" name="updated" value={home.guide ? String(home.guide.updatedDate.getTime()) : ''} />
    <section class="card flex min-w-0 flex-col" aria-label={t('Text')}>
      <div class="flex items-center gap-2 border-b border-line px-4 py-2">
        <h2 class="flex-1">{say('Markdown')}</h2>
        <label class="btn btn-small cursor-pointer max-sm:hidden" data-needs-script hidden>
          <Icon name="image" />
          {say('Add file')}
          <input class="sr-only" type="file" multiple data-guide-file data-testid="guide-file" />
        </label>
      </div>
      <textarea
        class="area min-h-[420px] flex-1 rounded-none! border-0! font-mono text-[13px]"
        name="markdown"
        aria-label={t('Guide as Markdown')}
        placeholder={'# What to mark\n\nPaste or drop pictures here.'}
        maxlength={maxLength}
        dir="auto"
        data-testid="guide-text"
        safe
      >
        {`\n${markdown}`}
      </textarea>
      <p class="hint px-4 py-2" role="status" data-guide-state data-testid="guide-state">
        {say('Paste or drop pictures and PDF files into the text.')}
      </p>
    </section>
    <section class="card min-w-0" aria-label={t('Preview')} data-testid="guide-preview">
      <div class="flex min-h-11 items-center border-b border-line px-4">
        <h2>{say('Preview')}</h2>
      </div>
      <div class="guide p-4" data-guide-preview>
        {(preview ?? '') as 'safe'}
      </div>
    </section>
    <div class="col-span-full flex flex-wrap items-center justify-end gap-2">
      <div class="me-auto min-w-0">
        <Problem text={problem} testid="guide-error" />
      </div>
      <a class="btn" href={home.path}>
        {say('Cancel')}
      </a>
      <button type="submit" class="btn" name="action" value="preview" data-guide-render>
        {say('Preview')}
      </button>
      <button type="submit" class="btn btn-primary" name="action" value="save" data-testid="guide-save">
        {say('Save')}
      </button>
    </div>
  </form>
)

type Told = { markdown?: string; problem?: string; status?: number }

const guidePage = async ({ request, query }: Visit, home: Home, { markdown, problem, status }: Told = {}): Promise<Page> => {
  const isEditing = home.mayEdit && (markdown !== undefined || query.edit !== undefined)
  const text = markdown ?? home.guide?.markdown ?? ''
  return {
    title: t('Guide · {name}', { name: home.name }),
    section: home.section,
    status,
    body: (
      <div class={isEditing ? '' : 'mx-auto max-w-[860px]'}>
        <PageHead title={t('Guide')} crumbs={home.crumbs}>
          {home.guide && !isEditing ? (
            <span class="text-[13px] text-muted max-sm:hidden">
              <Ago iso={isoTime(home.guide.updatedDate)} />
            </span>
          ) : (
            ''
          )}
          {home.mayEdit && !isEditing && home.guide?.markdown.trim() ? (
            <a class="btn btn-primary" href={`${home.path}?edit=1`} data-testid="guide-edit">
              <Icon name="pencil" />
              {say('Edit')}
            </a>
          ) : (
            ''
          )}
        </PageHead>
        {query.saved && !isEditing ? (
          <div class="mb-4">
            <Notice text={t('The guide is saved.')} testid="guide-saved" />
          </div>
        ) : (
          ''
        )}
        {isEditing ? (
          <Editor request={request} home={home} markdown={text} problem={problem} preview={await renderGuide(text)} />
        ) : (
          ((await Reader({ home })) as 'safe')
        )}
      </div>
    ),
  }
}

const save = async ({ who }: Visit, home: Home, fields: Fields) => {
  const markdown = (fields.markdown?.[0] ?? '').replaceAll('\r\n', '\n')
  if (markdown.length > maxLength) throw invalid({ markdown: t('The guide is too long.') })
  const now = home.guide
  if (!now) return void (await createGuide(who, { ...home.place, markdown }))
  if (now.markdown !== markdown) await updateGuide(who, now.id, { markdown })
}

const receiveOf = (find: (visit: Visit, params: Record<string, string>) => Promise<Home>) =>
  receiveForm(async (visit, fields, params) => {
    const home = await find(visit, params)
    const markdown = (fields.markdown?.[0] ?? '').replaceAll('\r\n', '\n')
    if (fields.action?.[0] === 'preview') return guidePage(visit, home, { markdown })
    try {
      await save(visit, home, fields)
      return redirectTo(`${home.path}?saved=1`)
    } catch (error) {
      if (error instanceof ApiError && error.status >= 403) throw error
      return guidePage(visit, home, { markdown, problem: Object.values(problemsOf(error)).join(' '), status: 400 })
    }
  })

/** Turns Markdown into what the preview shows; scripts send it while somebody types. */
const renderPreview = receiveForm(async (_visit, fields) => {
  const html = await renderGuide((fields.markdown?.[0] ?? '').slice(0, maxLength))
  return new Response(html, {
    headers: { 'content-type': 'text/html; charset=utf-8', 'content-security-policy': "default-src 'none'" },
  })
})

export const guidePages = new Elysia({ name: 'guide-pages', detail: { hide: true } })
  .post('/guides/preview', renderPreview)
  .get(
    '/projects/:id/guide',
    showPage(async (visit, params) => guidePage(visit, await findProject(visit, params))),
  )
  .post('/projects/:id/guide', receiveOf(findProject))
  .get(
    '/tasks/:id/guide',
    showPage(async (visit, params) => guidePage(visit, await findTask(visit, params))),
  )
  .post('/tasks/:id/guide', receiveOf(findTask))
