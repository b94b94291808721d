// Chooses calibration files of a task and hands them over, or takes those that are there away; works without scripts.
import { say, t } from './i18n/message'
import { Icon } from './icon'

type FormProps = {
  taskId: number
  /** The hidden field that shows that the form is ours. */
  token: JSX.Element
  hasFiles: boolean
}

export const CalibrationForm = ({ taskId, token, hasFiles }: FormProps): JSX.Element => (
  <form
    class="grid gap-2"
    method="post"
    action={`/tasks/${taskId}/calibration`}
    enctype="multipart/form-data"
    data-submit-once
    data-testid="calibration-form"
  >
    {token as 'safe'}
    <label class="field">
      <span class="label">{say('Calibration files')}</span>
      <input
        class="area min-h-0"
        type="file"
        name="calibration"
        multiple
        accept=".txt,.json,.zip"
        data-testid="calibration-files"
      />
      <span class="hint">{say('KITTI (txt), JSON like that of nuScenes, Supervisely, poses, or a zip of them')}</span>
    </label>
    <div class="flex flex-wrap justify-end gap-2">
      {hasFiles ? (
        <button type="submit" class="btn btn-small" name="what" value="remove" data-testid="calibration-remove">
          <Icon name="close" />
          {say('Remove')}
        </button>
      ) : (
        ''
      )}
      <button type="submit" class="btn btn-small" name="what" value="replace" data-testid="calibration-submit" safe>
        {hasFiles ? t('Replace') : t('Add')}
      </button>
    </div>
  </form>
)

type SummaryProps = { files: readonly string[]; cameras: number; poses: number; problems: readonly { message: string }[] }

const mostShown = 6

/** What is there, and what is wrong with it. */
export const CalibrationSummary = ({ files, cameras, poses, problems }: SummaryProps): JSX.Element =>
  files.length ? (
    <div class="grid gap-1 text-[13px]">
      <span data-testid="calibration-facts" safe>
        {t('Cameras: {cameras}, frames with a pose: {poses}', { cameras, poses })}
      </span>
      <ul class="hint grid gap-0.5" data-testid="calibration-names">
        {files.slice(0, mostShown).map((name) => (
          <li class="truncate" dir="auto" title={name} safe>
            {name}
          </li>
        ))}
        {files.length > mostShown ? <li safe>{t('and {count} more', { count: files.length - mostShown })}</li> : ''}
      </ul>
      {problems.length ? (
        <ul class="problem grid gap-0.5" role="alert" data-testid="calibration-problems">
          {problems.slice(0, mostShown).map(({ message }) => (
            <li class="min-w-0 [overflow-wrap:anywhere]" dir="auto" safe>
              {message}
            </li>
          ))}
        </ul>
      ) : (
        ''
      )}
    </div>
  ) : (
    <p class="hint">{say('With it the editor draws cuboids on the pictures beside the clouds.')}</p>
  )
