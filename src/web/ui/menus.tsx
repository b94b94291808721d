// Entries of the action menus of projects, tasks and jobs; islands open the dialogs that they name.
import { BareLink } from './bare'
import { t } from './i18n/message'
import { Icon, type IconName } from './icon'

export type Subject = { kind: 'project' | 'task' | 'job'; id: number; name: string; dimension?: string | null }

type EntryProps = {
  testid: string
  icon: IconName
  label: string
  danger?: boolean
  href?: string
  [data: `data-${string}`]: string | undefined
}

export const MenuEntry = ({ testid, icon, label, danger, href, ...data }: EntryProps): JSX.Element => {
  const css = danger ? 'menu-item danger' : 'menu-item'
  return href ? (
    <a class={css} role="menuitem" href={href} data-testid={testid} {...data}>
      <Icon name={icon} />
      {t(label) as 'safe'}
    </a>
  ) : (
    <button type="button" class={css} role="menuitem" data-testid={testid} {...data}>
      <Icon name={icon} />
      {t(label) as 'safe'}
    </button>
  )
}

export const MenuLine = (): JSX.Element => <div class="menu-line" role="separator"></div>

const importPath: Record<Subject['kind'], (id: number) => string> = {
  project: (id) => `/api/projects/${id}/dataset/`,
  task: (id) => `/api/tasks/${id}/annotations/`,
  job: (id) => `/api/jobs/${id}/annotations/`,
}

const describeSubject = (subject: Subject) => JSON.stringify({ ...subject, path: `/api/${subject.kind}s/${subject.id}` })

type TransferProps = { subject: Subject; canExport: boolean; canImport: boolean }

/** A model annotates the task or job. */
export const AnnotateEntry = ({
  taskId,
  jobId,
  canAnnotate,
}: {
  taskId: number
  jobId?: number
  canAnnotate: boolean
}): JSX.Element =>
  canAnnotate ? (
    <MenuEntry
      testid="menu-auto-annotate"
      icon="bot"
      label="Automatic annotation"
      href={`/tasks/${taskId}/annotate${jobId === undefined ? '' : `?job=${jobId}`}`}
    />
  ) : (
    ''
  )

/** Export and import, as far as the person may. */
export const TransferEntries = ({ subject, canExport, canImport }: TransferProps): JSX.Element => (
  <>
    {canExport && (
      <MenuEntry
        testid="menu-export"
        icon="download"
        label={subject.kind === 'project' ? 'Export dataset' : 'Export annotations'}
        data-export={describeSubject(subject)}
      />
    )}
    {canImport && (
      <MenuEntry
        testid="menu-import"
        icon="upload"
        label={subject.kind === 'project' ? 'Import dataset' : 'Import annotations'}
        data-import={describeSubject(subject)}
        data-import-path={importPath[subject.kind](subject.id)}
      />
    )}
    {canExport && subject.kind !== 'job' && (
      <MenuEntry testid="menu-backup" icon="archive" label="Back up" data-backup={describeSubject(subject)} />
    )}
  </>
)

/** The same as links to pages, where no menu opens. */
export const BareTransfer = ({ subject, canExport, canImport }: TransferProps): JSX.Element => (
  <>
    {canExport ? <BareLink href={`/${subject.kind}s/${subject.id}/export`} label="Export" testid="bare-export" /> : ''}
    {canImport ? <BareLink href={`/${subject.kind}s/${subject.id}/import`} label="Import" testid="bare-import" /> : ''}
  </>
)

/** Moves a project or task, as far as the person may. */
export const OrganizationEntry = ({ subject, canMove }: { subject: Subject; canMove: boolean }): JSX.Element =>
  canMove ? (
    <MenuEntry
      testid="menu-organization"
      icon="boxes"
      label="Move to an organization"
      href={`/${subject.kind}s/${subject.id}/organization`}
    />
  ) : (
    ''
  )

/** Copies the jobs of a task as text. */
export const CopyJobsEntry = ({ task }: { task: { id: number; jobs: { count: number } } }): JSX.Element =>
  task.jobs.count ? (
    <MenuEntry testid="menu-copy-jobs" icon="tasks" label="Copy the list of jobs" data-copy-jobs={String(task.id)} />
  ) : (
    ''
  )

/** The rest of the ways to a new project or task, beside the button that makes one. */
export const CreateMenu = ({ kind }: { kind: 'project' | 'task' }): JSX.Element => (
  <>
    <button
      type="button"
      class="btn btn-icon"
      data-menu-from="list-create-entries"
      data-testid="list-create-menu"
      aria-haspopup="menu"
      aria-label={t('Other ways to make a {kind}', { kind: t(kind) })}
    >
      <Icon name="chevronDown" />
    </button>
    <template id="list-create-entries">
      <MenuEntry testid="menu-restore" icon="archive" label="Restore from backup" data-restore={kind} />
    </template>
    <BareLink href={`/${kind}s/restore`} label="Restore from backup" testid="bare-restore" />
  </>
)

/** Work on a project, task or job in numbers. */
export const AnalyticsEntry = ({ subject }: { subject: Subject }): JSX.Element => (
  <MenuEntry testid="menu-analytics" icon="activity" label="Analytics" href={`/${subject.kind}s/${subject.id}/analytics`} />
)

/** Only real addresses lead out; a tracker may be any text. */
export const TrackerEntry = ({ address }: { address: string | null }): JSX.Element =>
  address && /^https?:/.test(address) ? (
    <MenuEntry testid="menu-tracker" icon="external" label="Open the issue tracker" href={address} />
  ) : (
    ''
  )

/** Takes a task that is in no project into one. */
export const ProjectEntry = ({
  task,
  canMove,
}: {
  task: { id: number; project_id: number | null }
  canMove: boolean
}): JSX.Element =>
  canMove && !task.project_id ? (
    <MenuEntry testid="menu-move" icon="move" label="Move to a project" href={`/tasks/${task.id}/move`} />
  ) : (
    ''
  )

type QualityProps = { subject: Subject; canSee: boolean; hasReplicas?: boolean }

/** Ways to the pages that judge the labels of a project or task. */
export const QualityEntries = ({ subject, canSee, hasReplicas }: QualityProps): JSX.Element =>
  canSee && subject.dimension !== '3d' ? (
    <>
      <MenuEntry testid="menu-quality" icon="check" label="Quality control" href={`/${subject.kind}s/${subject.id}/quality`} />
      {hasReplicas ? (
        <MenuEntry testid="menu-consensus" icon="users" label="Consensus management" href={`/tasks/${subject.id}/consensus`} />
      ) : (
        ''
      )}
    </>
  ) : (
    ''
  )

type DeleteProps = { subject: Subject; touches: string; next?: string }

/** Asks with a count of what goes away; `next` is where to go afterwards (without: the list refreshes). */
export const DeleteEntry = ({ subject, touches, next }: DeleteProps): JSX.Element => (
  <MenuEntry
    testid="menu-delete"
    icon="trash"
    label="Delete"
    danger
    data-delete={`/api/${subject.kind}s/${subject.id}`}
    data-delete-title={t('Delete {kind} “{name}”?', { kind: t(subject.kind), name: subject.name })}
    data-delete-text={touches}
    data-delete-next={next}
  />
)
