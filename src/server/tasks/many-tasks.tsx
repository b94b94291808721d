// The part of the form of a new task that makes several of them: the switch, the template of names, the list that tells how far each is.
import { say, t } from '../../web/ui/i18n/message'
import { Icon } from '../../web/ui/icon'

/** What the island `createTasks` says, in the language of the page. */
export const manyWords = () => ({
  one: t('Name'),
  many: t('Template of the names'),
  submit: t('Submit {count} tasks'),
  example: t('For example: {name}'),
  left: t('{done} of {count} done, {failed} failed'),
  queued: t('queued'),
  uploading: t('uploading'),
  creating: t('creating'),
  done: t('done'),
  failed: t('failed'),
  cancelled: t('cancelled'),
})

export const ManySwitch = () => (
  <label class="col-span-full flex gap-2.5" x-cloak x-show="hasScripts">
    <input class="check mt-0.5" type="checkbox" autocomplete="off" x-on:change="takeMany" data-testid="task-many" />
    <span class="grid gap-0.5">
      <span class="label">{say('Several tasks')}</span>
      <span class="hint">{say('One for each video, archive, PDF document or folder of pictures.')}</span>
    </span>
  </label>
)

export const NameHint = () => (
  <span class="grid gap-0.5" x-cloak x-show="isMany">
    <span class="hint">
      {say('{file} stands for the name of the file or folder, {index} for its number.', {
        file: '{{file_name}}',
        index: '{{index}}',
      })}
    </span>
    <span class="hint truncate" dir="auto" x-text="exampleText" data-testid="task-name-example"></span>
  </span>
)

export const ManySubmit = () => (
  <button
    type="submit"
    class="btn btn-primary"
    x-cloak
    x-show="isMany"
    x-bind:disabled="busy"
    x-text="submitText"
    data-testid="task-submit-many"
  ></button>
)

type ActionProps = { testid: string; label: string; run: string; when: string }

const Action = ({ testid, label, run, when }: ActionProps) => (
  <button type="button" class="btn btn-small" x-on:click={run} x-show={when} data-testid={testid} safe>
    {label}
  </button>
)

/** Rows carry their state as `data-state`. */
export const ManyList = () => (
  <section class="card" x-cloak x-show="hasRows" data-testid="many-list" aria-label={t('Several tasks')}>
    <div class="flex flex-wrap items-center gap-2 border-b border-line px-4 py-2">
      <span class="num me-auto text-[13px]" role="status" x-text="leftText" data-testid="many-count"></span>
      <Action testid="many-cancel" label={t('Cancel the queued ones')} run="cancelPending" when="hasQueued" />
      <Action testid="many-retry-failed" label={t('Try the failed ones again')} run="retryFailed" when="hasFailed" />
      <Action
        testid="many-retry-cancelled"
        label={t('Make the cancelled ones after all')}
        run="retryCancelled"
        when="hasCancelled"
      />
      <button
        type="button"
        class="btn btn-small btn-primary"
        x-on:click="finish"
        x-bind:disabled="isRunning"
        data-testid="many-ok"
      >
        {say('OK')}
      </button>
    </div>
    <ul class="grid max-h-[60vh] content-start overflow-auto">
      <template x-for="row in rows" x-bind:key="row.key">
        <li
          class="grid grid-cols-[auto_minmax(0,1fr)_auto] items-center gap-x-3 gap-y-1 border-b border-line px-4 py-2 text-[13px] last:border-b-0"
          data-testid="many-row"
          x-bind:data-state="row.state"
          x-bind:data-name="row.name"
        >
          <span class="text-muted">
            <Icon name="file" />
          </span>
          <span class="truncate" dir="auto" x-show="!isDone(row)" x-text="row.name"></span>
          <a class="link truncate" dir="auto" x-show="isDone(row)" x-bind:href="row.href" x-text="row.name"></a>
          <span class="num text-muted" x-text="stateText(row)"></span>
          <progress
            class="col-span-full"
            max="1"
            x-show="isUnderway(row)"
            x-bind:value="row.progress"
            x-bind:aria-label="row.name"
          ></progress>
          <span
            class="col-span-full text-danger whitespace-pre-line break-words"
            role="alert"
            dir="auto"
            x-show="hasReason(row)"
            x-text="row.reason"
          ></span>
        </li>
      </template>
    </ul>
  </section>
)
