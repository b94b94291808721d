// Deciding about suspicious labels as forms: what is meant is counted and asked about, done, told, and undone. All without scripts.
import { t, tn } from '../../web/ui/i18n/message'
import { addressOf } from '../../web/ui/list-address'
import { formatCount } from '../../web/ui/parts'
import { type Fields, FormToken, type Page, receiveForm, type Visit, wordsOf } from '../auth/service'
import { undoChange } from '../find/service'
import { ApiError, invalid } from '../http/errors'
import { redirectTo } from '../http/html'
import { createChangeBook } from '../http/kept-changes'
import { startRequest } from '../requests/service'
import { type PagePlace, readPagePlace } from './place-page'
import {
  type Action,
  applyDecision,
  type Narrowing,
  type Plan,
  planDecision,
  planRun,
  readNarrowing,
  reopenMended,
  type Step,
} from './service'

type Kept = { userId: number; text: string; problems: string[]; steps: Step[]; ids: number[] }
/** Changes of the last hours, so that the gallery can tell of them and offer to undo. */
const changes = createChangeBook<Kept>()

export const findChange = ({ who, query }: Visit): { key: string; change: Kept } | null => {
  const change = changes.find(query.change ?? '', who.user.id)
  return change && { key: query.change!, change }
}

const one = (fields: Fields, name: string) => fields[name]?.[0] ?? ''

/** The gallery as it was. */
const backTo = ({ path }: PagePlace, fields: Fields, change?: string) =>
  addressOf(
    { path, query: {} },
    { reason: one(fields, 'reason') || undefined, status: one(fields, 'status') || undefined, change },
  )

/** `*` in place of a label means the one that is suggested for each object. */
const readAction = (fields: Fields): Action => {
  const kind = one(fields, 'action')
  const label = one(fields, 'label').trim()
  if (kind === 'confirm' || kind === 'reopen' || kind === 'delete') return { kind }
  if (kind !== 'relabel' || !label) throw invalid({ label: t('Choose the label that the objects get.') })
  return label === '*' ? { kind } : { kind, label }
}

const readChosen = (fields: Fields): Narrowing => {
  const picks = fields.pick ?? []
  if (!picks.length) return readNarrowing({ reason: one(fields, 'reason'), status: one(fields, 'status') })
  if (picks.some((pick) => !/^[1-9]\d{0,8}$/.test(pick))) throw invalid({ pick: t('This is no object.') })
  return { ids: picks.map(Number) }
}

const titles: Record<Action['kind'], (count: number) => string> = {
  confirm: (count) => tn(count, 'Say that one label is right?', 'Say that {count} labels are right?'),
  reopen: (count) => tn(count, 'Suspect one label again?', 'Suspect {count} labels again?'),
  delete: (count) => tn(count, 'Delete one object?', 'Delete {count} objects?'),
  relabel: (count) => tn(count, 'Relabel one object?', 'Relabel {count} objects?'),
}
const told: Record<Action['kind'], (count: number) => string> = {
  confirm: (count) => tn(count, 'One label is confirmed.', '{count} labels are confirmed.'),
  reopen: (count) => tn(count, 'One label is suspected again.', '{count} labels are suspected again.'),
  delete: (count) => tn(count, 'One object is deleted.', '{count} objects are deleted.'),
  relabel: (count) => tn(count, 'One object is relabelled.', '{count} objects are relabelled.'),
}

const describeSkipped = ({ forbidden, unfit }: Plan['skipped']): string[] => [
  ...(unfit ? [t('Without a label that fits: {count}', { count: formatCount(unfit) })] : []),
  ...(forbidden ? [t('In jobs that you may not change: {count}', { count: formatCount(forbidden) })] : []),
]

type ConfirmProps = { visit: Visit; at: PagePlace; fields: Fields; action: Action; plan: Plan; problem?: string }

const Confirm = ({ visit, at, fields, action, plan, problem }: ConfirmProps): JSX.Element => {
  const isChange = action.kind === 'delete' || action.kind === 'relabel'
  return (
    <section class="card mx-auto mt-6 grid max-w-xl gap-4 p-5" data-testid="suspects-confirm">
      <h1 dir="auto" safe>
        {titles[action.kind](plan.count)}
      </h1>
      {problem ? (
        <div class="problem" role="alert" data-testid="suspects-problem" safe>
          {problem}
        </div>
      ) : (
        ''
      )}
      <p class="text-soft" data-testid="suspects-confirm-count" data-count={String(plan.count)} safe>
        {fields.pick?.length ? t('These are the chosen ones.') : t('These are all that the list shows, on all of its pages.')}
      </p>
      {isChange ? (
        <p class="text-soft" safe>
          {t('Whole objects change, tracks on all their frames. Every job gets a revision of its own, so this can be undone.')}
        </p>
      ) : (
        ''
      )}
      {describeSkipped(plan.skipped).map((text) => (
        <p class="text-[13px] text-muted" safe>
          {text}
        </p>
      ))}
      <form class="flex justify-end gap-2" method="post" action={`${at.path}/decide`} data-submit-once>
        <FormToken request={visit.request} />
        {['reason', 'status', 'action', 'label', 'pick'].flatMap((name) =>
          (fields[name] ?? []).map((value) => <input type="hidden" name={name} value={value} autocomplete="off" />),
        )}
        <input type="hidden" name="count" value={String(plan.count)} autocomplete="off" />
        <a class="btn" href={backTo(at, fields)} data-testid="suspects-cancel" safe>
          {t('Cancel')}
        </a>
        <button
          type="submit"
          class={action.kind === 'delete' ? 'btn btn-delete' : 'btn btn-primary'}
          disabled={plan.count === 0}
          data-testid="suspects-apply"
          safe
        >
          {action.kind === 'delete' ? t('Delete') : action.kind === 'relabel' ? t('Relabel') : t('Yes')}
        </button>
      </form>
    </section>
  )
}

const Refused = ({ text, back }: { text: string; back: string }): JSX.Element => (
  <section class="card mx-auto mt-6 grid max-w-xl gap-4 p-5">
    <h1 safe>{t('This does not work')}</h1>
    <div class="problem" role="alert" dir="auto" data-testid="suspects-problem" safe>
      {text}
    </div>
    <a class="btn justify-self-end" href={back} safe>
      {t('Back')}
    </a>
  </section>
)

/** Counts and asks; what harms nothing and was chosen one by one is done at once. */
export const receiveDecision = (kind: 'task' | 'project') =>
  receiveForm(async (visit, fields, params): Promise<Page | Response> => {
    const at = await readPagePlace(visit, kind, params)
    const title = t('Suspicious labels')
    try {
      const action = readAction(fields)
      const asked = { who: visit.who, place: at.place, narrowing: readChosen(fields) }
      const isHarmless = (action.kind === 'confirm' || action.kind === 'reopen') && (fields.pick ?? []).length > 0
      const agreed = one(fields, 'count')
      let problem: string | undefined
      if (agreed !== '' || isHarmless)
        try {
          const { count, steps, problems, ids } = await applyDecision(
            asked,
            action,
            agreed === '' ? (await planDecision(asked, action)).count : Number(agreed),
          )
          const change = changes.keep({ userId: visit.who.user.id, text: told[action.kind](count), problems, steps, ids })
          return redirectTo(backTo(at, fields, change))
        } catch (error) {
          problem = wordsOf(error)
        }
      const plan = await planDecision(asked, action)
      const body = <Confirm visit={visit} at={at} fields={fields} action={action} plan={plan} problem={problem} />
      return { title, section: at.section, body, ...(problem && { status: 409 }) }
    } catch (error) {
      // Whose place it is not is told nothing of it.
      if (error instanceof ApiError && error.status !== 400) throw error
      return { title, section: at.section, body: <Refused text={wordsOf(error)} back={backTo(at, fields)} />, status: 400 }
    }
  })

export const receiveUndo = (kind: 'task' | 'project') =>
  receiveForm(async (visit, fields, params): Promise<Page | Response> => {
    const at = await readPagePlace(visit, kind, params)
    const key = one(fields, 'change')
    const change = changes.find(key, visit.who.user.id)
    if (!change) return redirectTo(backTo(at, fields))
    const { jobs, problems } = await undoChange(visit.who, change.steps)
    if (!problems.length) await reopenMended(change.ids)
    changes.forget(key)
    const text = tn(jobs, 'Undone in one job.', 'Undone in {count} jobs.')
    return redirectTo(backTo(at, fields, changes.keep({ userId: visit.who.user.id, text, problems, steps: [], ids: [] })))
  })

/** Starts to look, and goes back to the gallery, which follows it. */
export const receiveRun = (kind: 'task' | 'project') =>
  receiveForm(async (visit, fields, params): Promise<Page | Response> => {
    const at = await readPagePlace(visit, kind, params)
    await startRequest(visit.who, await planRun(visit.who, at.place))
    return redirectTo(backTo(at, fields))
  })
