// The part of a task's page that lets it grow: frames added by hand, and watched folders that add what arrives.
import { say, t } from '../../web/ui/i18n/message'
import { Icon } from '../../web/ui/icon'
import { listWatches, longestIntervalSeconds, requireGrowable, shortestIntervalSeconds } from '../data/growing/service'
import { FileFields } from './file-fields'
import type { TaskRow } from './service'

const AddFrames = ({ taskId }: { taskId: number }) => (
  <form
    class="grid gap-3"
    x-data="createTask"
    data-task-id={String(taskId)}
    data-append
    x-on:submit="submit"
    x-on:source-changed="takeSource"
    novalidate
    data-testid="task-append"
  >
    <FileFields hint={t('Pictures, archives, PDF documents or point clouds')} />
    <div class="grid gap-2" x-cloak x-show="busy" aria-live="polite" data-testid="append-progress">
      <div class="flex gap-2">
        <span class="flex-1" x-text="progressText"></span>
        <span class="num text-muted" x-text="percentText"></span>
      </div>
      <progress max="1" x-bind:value="progress" aria-label={t('Progress')}></progress>
    </div>
    <div class="problem" role="alert" x-cloak x-show="problem" data-testid="append-error">
      <span class="whitespace-pre-line" dir="auto" x-text="problem"></span>
    </div>
    <div class="flex flex-wrap items-center gap-2">
      <span class="min-w-0 flex-1" role="status" dir="auto" x-text="done" data-testid="append-done"></span>
      <a class="link" href={`/tasks/${taskId}`} x-cloak x-show="done" data-testid="append-show">
        {say('Show the new jobs')}
      </a>
      <button type="submit" class="btn btn-primary" x-bind:disabled="busy" data-testid="append-submit">
        {say('Add frames')}
      </button>
    </div>
  </form>
)

const NewWatch = () => (
  <div class="grid grid-cols-2 gap-3 border-t border-line pt-3 max-md:grid-cols-1">
    <label class="field">
      <span class="label">{say('Where')}</span>
      <select class="select" data-watch-field="origin" data-testid="watch-origin">
        <option value="share">{say('Connected share')}</option>
        <template x-for="storage in storages" x-bind:key="storage.id">
          <option x-bind:value="storage.id" x-text="storage.display_name"></option>
        </template>
      </select>
    </label>
    <label class="field">
      <span class="label">{say('Folder')}</span>
      <input class="input" autocomplete="off" dir="auto" data-watch-field="path" data-testid="watch-path" />
      <span class="hint">{say('Of a bucket: what the names start with')}</span>
    </label>
    <label class="field">
      <span class="label">{say('File names')}</span>
      <input
        class="input"
        autocomplete="off"
        placeholder="*.jpg"
        dir="auto"
        data-watch-field="pattern"
        data-testid="watch-pattern"
      />
      <span class="hint">{say('A pattern: * ? [a-c]; empty: all')}</span>
    </label>
    <label class="field">
      <span class="label">{say('Look every … seconds')}</span>
      <input
        class="input num"
        type="number"
        value="60"
        min={String(shortestIntervalSeconds)}
        max={String(longestIntervalSeconds)}
        data-watch-field="interval"
        data-testid="watch-interval"
      />
    </label>
    <div class="col-span-full flex justify-end">
      <button type="button" class="btn" x-on:click="add" x-bind:disabled="busy" data-testid="watch-add">
        {say('Watch this folder')}
      </button>
    </div>
  </div>
)

const Watches = ({ taskId, canEdit }: { taskId: number; canEdit: boolean }) => (
  <section
    class="card grid gap-3 p-4"
    x-data="watches"
    data-watches={`/api/tasks/${taskId}/watches`}
    data-can-edit={canEdit}
    data-testid="task-watches"
  >
    <h2>{say('Watched folders')}</h2>
    <p class="hint">{say('New pictures in a watched folder become frames and jobs of this task by themselves.')}</p>
    <ul class="grid gap-2">
      <template x-for="row in rows" x-bind:key="row.id">
        <li class="flex items-start gap-2 text-[13px]" x-bind:data-testid="testId(row)" x-bind:data-state="row.state">
          <span class="mt-0.5 text-muted">
            <Icon name="folder" />
          </span>
          <span class="grid min-w-0 flex-1 gap-0.5">
            <span class="truncate font-medium" dir="auto" x-text="row.place"></span>
            <span class="hint" dir="auto" x-text="row.note" data-testid="watch-note"></span>
            <span class="text-danger" dir="auto" x-show="row.problem" x-text="row.problem" data-testid="watch-problem"></span>
          </span>
          {canEdit ? (
            <>
              <button
                type="button"
                class="btn btn-quiet btn-small"
                x-on:click="flip(row)"
                x-bind:disabled="busy"
                x-text="row.action"
                data-testid="watch-flip"
              ></button>
              <button
                type="button"
                class="btn btn-quiet btn-small btn-icon"
                x-on:click="remove(row)"
                x-bind:disabled="busy"
                aria-label={t('Remove')}
                data-testid="row-remove"
              >
                <Icon name="close" />
              </button>
            </>
          ) : (
            ''
          )}
        </li>
      </template>
      <li class="hint" x-cloak x-show="isEmpty" data-testid="watch-none">
        {say('None yet.')}
      </li>
    </ul>
    {canEdit ? <NewWatch /> : ''}
    <div class="problem" role="alert" x-cloak x-show="problem" data-testid="watch-error">
      <span class="whitespace-pre-line" dir="auto" x-text="problem"></span>
    </div>
  </section>
)

/** For tasks that may grow, for those who may let them, and for those who see that they do. */
export const loadGrowing = async (row: TaskRow, canUpload: boolean): Promise<JSX.Element | ''> => {
  const isGrowable = await requireGrowable(row.task.id, row.data).then(
    () => true,
    () => false,
  )
  if (!isGrowable) return ''
  if (!canUpload) return (await listWatches(row.task.id)).length ? <Watches taskId={row.task.id} canEdit={false} /> : ''
  return (
    <details class="card group mt-4" data-testid="task-grow">
      <summary class="flex h-11 list-none items-center gap-2 px-4 font-semibold" data-testid="task-grow-open">
        <span class="transition-transform group-open:rotate-90">
          <Icon name="chevronRight" />
        </span>
        {say('Add frames and watch folders')}
      </summary>
      <div class="grid gap-4 border-t border-line p-4">
        <AddFrames taskId={row.task.id} />
        <Watches taskId={row.task.id} canEdit />
      </div>
    </details>
  )
}
