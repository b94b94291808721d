// The part of a task's page about its validation: which frames validate it, leaving some out, drawing honeypots anew.
import { say, t } from '../../../web/ui/i18n/message'
import { formatCount, plural } from '../../../web/ui/parts'
import { loadTaskMedia, mediaFacts } from '../../data/service'
import { jobsOfTask } from '../../jobs/service'
import type { Who } from '../../policy/who'
import { getTaskLayout } from './layout'

/** Rows that a page shows; the API has no limit. */
const maxRows = 500
const maxJobs = 500

type Row = { frame: number; name: string; isDisabled: boolean; uses: number | null; href: string }
type Validation = {
  taskId: number
  mode: 'gt' | 'gt_pool'
  rows: Row[]
  disabled: number[]
  jobs: { id: number; startFrame: number; stopFrame: number }[]
}

/** What the panel shows; null for a task that is not validated. */
export const loadValidation = async (who: Who, taskId: number): Promise<Validation | null> => {
  const layout = await getTaskLayout(who, taskId)
  if (!('validation_frames' in layout)) return null
  const all = await jobsOfTask(taskId)
  const groundTruth = all.find(({ type }) => type === 'ground_truth')
  const media = await loadTaskMedia(taskId)
  const facts = await mediaFacts(taskId)
  const uses = layout.honeypot_real_frames ? Map.groupBy(layout.honeypot_real_frames, (frame) => frame) : null
  const disabled = new Set(layout.disabled_frames)
  return {
    taskId,
    mode: layout.mode,
    disabled: layout.disabled_frames,
    rows: layout.validation_frames.map((frame) => ({
      frame,
      name: media.frames?.[frame]?.name ?? t('frame {number}', { number: facts.startFrame + frame * facts.step }),
      isDisabled: disabled.has(frame),
      uses: uses && (uses.get(frame)?.length ?? 0),
      href: groundTruth ? `/tasks/${taskId}/jobs/${groundTruth.id}?frame=${frame}` : `/tasks/${taskId}`,
    })),
    jobs: layout.mode === 'gt_pool' ? all.filter(({ type }) => type === 'annotation') : [],
  }
}

const FrameRow = ({ row, validation, canEdit }: { row: Row; validation: Validation; canEdit: boolean }) => {
  const others = validation.disabled.filter((frame) => frame !== row.frame)
  const wanted = row.isDisabled ? others : [...others, row.frame]
  return (
    <li
      class="flex items-center gap-2 px-2 py-1 text-[13px]"
      data-testid={`validation-${row.frame}`}
      data-disabled={String(row.isDisabled)}
    >
      <span class="num w-12 flex-none text-muted" safe>
        {`#${row.frame}`}
      </span>
      <a
        class={['min-w-0 flex-1 truncate hover:text-accent', row.isDisabled && 'text-muted line-through']}
        href={row.href}
        dir="auto"
        data-testid="row-open"
        safe
      >
        {row.name}
      </a>
      {row.uses === null ? (
        ''
      ) : (
        <span
          class="num text-muted"
          title={t('Honeypots that show this frame')}
          data-testid="row-used"
          data-count={String(row.uses)}
          safe
        >
          {`${row.uses} ×`}
        </span>
      )}
      {canEdit ? (
        <button
          type="button"
          class="btn btn-quiet btn-small"
          data-validation={`/api/tasks/${validation.taskId}/validation_layout`}
          data-change={JSON.stringify({ disabled_frames: wanted })}
          data-testid={row.isDisabled ? 'row-restore' : 'row-exclude'}
        >
          {row.isDisabled ? say('Restore') : say('Exclude')}
        </button>
      ) : (
        ''
      )}
    </li>
  )
}

const Draw = ({ validation: { taskId, jobs } }: { validation: Validation }) => (
  <div class="flex gap-2">
    <select class="select compact min-w-0 flex-1" aria-label={t('Draw honeypots of')} data-testid="validation-job">
      <option value={`/api/tasks/${taskId}/validation_layout`}>{say('All jobs')}</option>
      {jobs.slice(0, maxJobs).map(({ id, startFrame, stopFrame }) => (
        <option value={`/api/jobs/${id}/validation_layout`} safe>
          {t('Job #{id}, frames {startFrame} to {stopFrame}', { id, startFrame, stopFrame })}
        </option>
      ))}
    </select>
    <button
      type="button"
      class="btn btn-small"
      title={t('Chooses other validation frames; annotations on changed frames are removed')}
      data-validation=""
      data-change={JSON.stringify({ frame_selection_method: 'random_uniform' })}
      data-testid="validation-draw"
    >
      {say('Draw anew')}
    </button>
  </div>
)

const Layout = ({ validation, canEdit }: { validation: Validation; canEdit: boolean }) => {
  const { mode, rows, disabled, taskId } = validation
  const active = rows.length - disabled.length
  return (
    <section
      class="card grid grid-cols-[minmax(0,1fr)] gap-3 p-4"
      id="validation-panel"
      data-testid="validation-panel"
      data-mode={mode}
    >
      <h2>{mode === 'gt' ? say('Ground truth') : say('Honeypots')}</h2>
      <p class="hint" data-testid="validation-counts" data-active={String(active)} safe>
        {`${plural(rows.length, t('validation frame'))}, ${formatCount(disabled.length)} excluded, ${formatCount(active)} active`}
      </p>
      <ul class="grid max-h-72 gap-px overflow-auto rounded-md border border-line">
        {rows.slice(0, maxRows).map((row) => (
          <FrameRow row={row} validation={validation} canEdit={canEdit} />
        ))}
        {rows.length > maxRows ? (
          <li class="px-2 py-1 text-[13px] text-muted" safe>
            {t('and {count} more', { count: formatCount(rows.length - maxRows) })}
          </li>
        ) : (
          ''
        )}
      </ul>
      {canEdit && disabled.length ? (
        <button
          type="button"
          class="btn btn-small justify-self-start"
          data-validation={`/api/tasks/${taskId}/validation_layout`}
          data-change={JSON.stringify({ disabled_frames: [] })}
          data-testid="validation-restore-all"
        >
          {say('Restore all')}
        </button>
      ) : (
        ''
      )}
      {canEdit && mode === 'gt_pool' ? <Draw validation={validation} /> : ''}
    </section>
  )
}

/** Makes a ground truth job of a task that is not validated yet; the island sends it. */
const CreateGroundTruth = ({ taskId }: { taskId: number }) => (
  <section class="card p-4" id="validation-panel" data-testid="validation-panel" data-mode="none">
    <details class="group">
      <summary class="list-none font-semibold" data-testid="job-create">
        {say('Create ground truth job')}
      </summary>
      <form class="mt-3 grid gap-3" data-create-ground-truth={String(taskId)}>
        <label class="field">
          <span class="label">{say('Frames')}</span>
          <select class="select compact" name="method" data-testid="job-create-method">
            <option value="random_uniform">{say('Random in the task')}</option>
            <option value="random_per_job">{say('Random in each job')}</option>
          </select>
        </label>
        <div class="grid grid-cols-2 gap-2">
          <label class="field">
            <span class="label">{say('Quantity, %')}</span>
            <input
              class="input compact num"
              type="number"
              name="percent"
              min="0.01"
              max="100"
              step="any"
              value="5"
              required
              data-testid="job-create-share"
            />
          </label>
          <label class="field">
            <span class="label">{say('Random seed')}</span>
            <input class="input compact num" type="number" name="seed" min="0" step="1" data-testid="job-create-seed" />
          </label>
        </div>
        <button type="submit" class="btn btn-small justify-self-start" data-testid="job-create-submit">
          {say('Create')}
        </button>
      </form>
    </details>
  </section>
)

type PanelProps = { task: { id: number; dimension: string }; validation: Validation | null; canEdit: boolean }

/** Of a task with frames. */
export const ValidationPanel = ({ task, validation, canEdit }: PanelProps) =>
  validation ? (
    <Layout validation={validation} canEdit={canEdit} />
  ) : canEdit && task.dimension === '2d' ? (
    <CreateGroundTruth taskId={task.id} />
  ) : (
    ''
  )
