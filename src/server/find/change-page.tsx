// Bulk changes as forms: what was chosen, a page that counts and asks, the change itself, and undoing it. All without scripts.
import { say, t } from '../../web/ui/i18n/message'
import { addressOf } from '../../web/ui/list-address'
import { plural } from '../../web/ui/parts'
import { type Fields, FormToken, type Page, receiveForm, type Visit, wordsOf } from '../auth/service'
import { ApiError, invalid } from '../http/errors'
import { redirectTo } from '../http/html'
import { createChangeBook } from '../http/kept-changes'
import { askOf, type PagePlace, readPagePlace } from './place-page'
import { type Action, applyChange, type Chosen, type Plan, planChange, type Step, undoChange } from './service'

type Kept = { userId: number; text: string; problems: string[]; steps: Step[] }
/** Changes of the last hours, so that the gallery can tell of them and offer to undo. */
const changes = createChangeBook<Kept>()

export const findChange = ({ who, query }: Visit): { key: string; change: Kept } | null => {
  const change = changes.find(query.change ?? '', who.user.id)
  return change && { key: query.change!, change }
}

const one = (fields: Fields, name: string) => fields[name]?.[0] ?? ''

const readAction = (fields: Fields): Action => {
  const label = one(fields, 'label').trim()
  if (one(fields, 'action') === 'delete') return { kind: 'delete' }
  if (!label) throw invalid({ label: t('Choose the label that the objects get.') })
  return { kind: 'relabel', label }
}

/** `shapes:12` from the boxes of the gallery; none chosen means everything that is found. */
const readChosen = (fields: Fields): Chosen => {
  const picks = fields.pick ?? []
  if (!picks.length) return undefined
  const chosen = { shapes: [] as number[], tracks: [] as number[], tags: [] as number[] }
  for (const pick of picks) {
    const [, kind, id] = /^(shapes|tracks|tags):([1-9]\d{0,8})$/.exec(pick) ?? []
    if (!kind) throw invalid({ pick: t('This is no object.') })
    chosen[kind as keyof typeof chosen].push(Number(id))
  }
  return chosen
}

const describeSkipped = ({ forbidden, unfit, same }: Plan['skipped']) =>
  [
    same && t('{objects} have the label already.', { objects: plural(same, 'object') }),
    unfit &&
      t('{objects} cannot have it: another kind of shape, or no such label in their project.', {
        objects: plural(unfit, 'object'),
      }),
    forbidden && t('{objects} are in jobs that you may not change.', { objects: plural(forbidden, 'object') }),
  ].filter((text) => text !== 0)

type ConfirmProps = { visit: Visit; at: PagePlace; fields: Fields; plan: Plan; problem?: string }

const Confirm = ({ visit, at, fields, plan, problem }: ConfirmProps): JSX.Element => {
  const action = readAction(fields)
  const what = plural(plan.count, 'object')
  const q = one(fields, 'q')
  const back = addressOf({ path: at.path, query: {} }, { q })
  const title =
    action.kind === 'delete'
      ? t('Delete {what}?', { what })
      : t('Give {what} the label “{label}”?', { what, label: action.label })
  return (
    <section class="card mx-auto mt-6 grid max-w-xl gap-4 p-5" data-testid="find-confirm">
      <h1 dir="auto" safe>
        {title}
      </h1>
      {problem ? (
        <div class="problem" role="alert" data-testid="find-problem" safe>
          {problem}
        </div>
      ) : (
        ''
      )}
      <p class="text-soft" data-testid="find-confirm-count" data-count={String(plan.count)}>
        <span>
          {fields.pick?.length ? say('The chosen objects') : q ? say('All that is found by') : say('All objects of this place')}
        </span>{' '}
        {q && !fields.pick?.length ? (
          <code class="rounded bg-sunken px-1.5 py-0.5 font-mono text-[13px]" dir="auto" safe>
            {q}
          </code>
        ) : (
          ''
        )}
        <span class="num">{t(': {what} in {jobs}.', { what, jobs: plural(plan.parts.length, 'job') }) as 'safe'}</span>{' '}
        {say('Every job gets a revision of its own, so the change can be undone.')}
      </p>
      {describeSkipped(plan.skipped).map((text) => (
        <p class="text-[13px] text-muted" safe>
          {text}
        </p>
      ))}
      <form class="flex justify-end gap-2" method="post" action={`${at.path}/change`} data-submit-once>
        <FormToken request={visit.request} />
        {['q', 'action', 'label', 'pick'].flatMap((name) =>
          (fields[name] ?? []).map((value) => <input type="hidden" name={name} value={value} autocomplete="off" />),
        )}
        <input type="hidden" name="count" value={String(plan.count)} autocomplete="off" />
        <a class="btn" href={back} data-testid="find-cancel">
          {say('Cancel')}
        </a>
        <button
          type="submit"
          class={action.kind === 'delete' ? 'btn btn-delete' : 'btn btn-primary'}
          disabled={plan.count === 0}
          data-testid="find-apply"
        >
          {(action.kind === 'delete' ? t('Delete {what}', { what }) : t('Relabel {what}', { what })) as 'safe'}
        </button>
      </form>
    </section>
  )
}

const Refused = ({ text, back }: { text: string; back: string }): JSX.Element => (
  <section class="card mx-auto mt-6 grid max-w-xl gap-4 p-5">
    <h1>{say('This does not work')}</h1>
    <div class="problem" role="alert" dir="auto" data-testid="find-problem" safe>
      {text}
    </div>
    <a class="btn justify-self-end" href={back}>
      {say('Back')}
    </a>
  </section>
)

type Kind = Parameters<typeof readPagePlace>[0]

/** Counts and asks; with the count that was agreed to, does it and goes back to the gallery. */
export const receiveChange = (kind: Kind) =>
  receiveForm(async (visit, fields, params): Promise<Page | Response> => {
    const at = await readPagePlace(kind, params)
    const q = one(fields, 'q')
    const back = addressOf({ path: at.path, query: {} }, { q })
    const asked = askOf(visit, at, q)
    const agreed = one(fields, 'count')
    let problem: string | undefined
    try {
      const action = readAction(fields)
      const chosen = readChosen(fields)
      if (agreed !== '')
        try {
          const { count, steps, problems } = await applyChange(asked, action, chosen, Number(agreed))
          const text =
            action.kind === 'delete'
              ? t('{objects} deleted.', { objects: plural(count, 'object') })
              : t('{objects} relabelled “{label}”.', { objects: plural(count, 'object'), label: action.label })
          const change = changes.keep({ userId: visit.who.user.id, text, problems, steps })
          return redirectTo(addressOf({ path: at.path, query: {} }, { q, change }))
        } catch (error) {
          problem = wordsOf(error)
        }
      const plan = await planChange(asked, action, chosen)
      return {
        title: at.name,
        body: <Confirm visit={visit} at={at} fields={fields} plan={plan} problem={problem} />,
        ...(problem && { status: 409 }),
      }
    } catch (error) {
      // Whose place it is not is told nothing of it.
      if (error instanceof ApiError && error.status !== 400) throw error
      return { title: at.name, body: <Refused text={wordsOf(error)} back={back} />, status: 400 }
    }
  })

export const receiveUndo = (kind: Kind) =>
  receiveForm(async (visit, fields, params): Promise<Page | Response> => {
    const at = await readPagePlace(kind, params)
    const key = one(fields, 'change')
    const change = changes.find(key, visit.who.user.id)
    const address = (changed?: string) => addressOf({ path: at.path, query: {} }, { q: one(fields, 'q'), change: changed })
    if (!change) return redirectTo(address())
    const { jobs, problems } = await undoChange(visit.who, change.steps)
    changes.forget(key)
    const text = t('Undone in {jobs}.', { jobs: plural(jobs, 'job') })
    return redirectTo(address(changes.keep({ userId: visit.who.user.id, text, problems, steps: [] })))
  })
