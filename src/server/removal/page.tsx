// /remove/<things>/<id>: asks whether something is to be removed and does it; for browsers without scripts, where no dialog can ask.
import { Elysia } from 'elysia'
import { Problem, TextField } from '../../web/ui/form'
import { say, t } from '../../web/ui/i18n/message'
import { FormToken, type Page, receiveForm, showPage, type Visit, wordsOf } from '../auth/service'
import { invalid, notFound } from '../http/errors'
import { ownPath, redirectTo } from '../http/html'
import { type Removal, removals } from './removals'

type Params = Record<string, string>

const prepare = (visit: Visit, { things = '', key = '' }: Params): Promise<Removal> => {
  if (!Object.hasOwn(removals, things)) throw notFound()
  return removals[things]!(visit, key)
}

const render = ({ request, path }: Visit, { title, text, label, next, typed }: Removal, problem?: string): Page => ({
  title,
  status: problem ? 400 : 200,
  body: (
    <form class="card mx-auto grid max-w-[480px] gap-4 p-6" method="post" action={path} data-submit-once data-testid="removal">
      <FormToken request={request} />
      <h1 class="text-[16px] leading-6 break-words" dir="auto" safe>
        {title}
      </h1>
      <p class="text-soft" dir="auto" safe>
        {text}
      </p>
      {typed ? (
        <TextField
          label="To be sure, type its name"
          name="typed"
          placeholder={typed}
          required
          problem={problem}
          testid="removal-typed"
        />
      ) : (
        <Problem text={problem} testid="removal-error" />
      )}
      <div class="flex justify-end gap-2">
        <a class="btn" href={ownPath(next)} data-testid="removal-cancel">
          {say('Cancel')}
        </a>
        <button type="submit" class="btn btn-delete" data-testid="removal-ok" safe>
          {label}
        </button>
      </div>
    </form>
  ),
})

const ask = showPage(async (visit, params) => render(visit, await prepare(visit, params)))

const remove = receiveForm(async (visit, fields, params) => {
  const removal = await prepare(visit, params)
  const { typed } = removal
  try {
    if (typed && fields.typed?.[0]?.trim() !== typed) throw invalid({ typed: t('This is not {name}.', { name: typed }) })
    await removal.run()
    return redirectTo(removal.next)
  } catch (error) {
    return render(visit, removal, wordsOf(error))
  }
})

export const removalPages = new Elysia({ name: 'removal-pages', detail: { hide: true } })
  .get('/remove/:things/:key', ask)
  .post('/remove/:things/:key', remove)
