// /tasks/create: name, project or labels, files and advanced options; the island `createTask` uploads and follows.
import { Bare, BareLabels } from '../../web/ui/bare'
import { Problem } from '../../web/ui/form'
import { say, t } from '../../web/ui/i18n/message'
import { Icon } from '../../web/ui/icon'
import { LabelsEditor } from '../../web/ui/labels-editor'
import { FormToken, type Page, showPage, type Visit, wordsOf } from '../auth/service'
import { listStorageOptions } from '../cloud-storages/service'
import { type FormTexts, textOf } from '../http/form-fields'
import { getProject, listProjects } from '../projects/service'
import { receiveNewTask } from './bare-create'
import { BareFiles, BareProject } from './bare-files'
import { QualityOptions } from './create-quality'
import { FileFields } from './file-fields'
import { ManyList, ManySubmit, ManySwitch, manyWords, NameHint } from './many-tasks'

type NumberProps = { name: string; testid: string; label: string; hint: string; min?: number; max?: number; value?: string }

const NumberField = ({ name, testid, label, hint, min = 0, max, value }: NumberProps) => (
  <label class="field">
    <span class="label" safe>
      {label}
    </span>
    <input
      class="input num"
      type="number"
      name={name}
      min={String(min)}
      max={max === undefined ? undefined : String(max)}
      step="1"
      value={value}
      inputmode="numeric"
      data-testid={testid}
    />
    <span class="hint" safe>
      {hint}
    </span>
  </label>
)

type SwitchProps = { name: string; testid: string; label: string; hint: string; checked: boolean }

const SwitchField = ({ name, testid, label, hint, checked }: SwitchProps) => (
  <label class="flex gap-2.5">
    <input class="check mt-0.5" type="checkbox" name={name} checked={checked} data-testid={testid} />
    <span class="grid gap-0.5">
      <span class="label" safe>
        {label}
      </span>
      <span class="hint" safe>
        {hint}
      </span>
    </span>
  </label>
)

const StorageField = ({ name, testid, label, hint }: { name: string; testid: string; label: string; hint: string }) => (
  <label class="field">
    <span class="label" safe>
      {label}
    </span>
    <select class="select" name={name} data-testid={testid}>
      <option value="">{say('This server')}</option>
      <template x-for="storage in storages" x-bind:key="storage.id">
        <option x-bind:value="storage.id" x-text="storage.display_name"></option>
      </template>
    </select>
    <span class="hint" safe>
      {hint}
    </span>
  </label>
)

const StorageOptions = () => (
  <div x-data="storageChoice">
    <div class="grid grid-cols-2 gap-4 border-t border-line pt-4 max-md:grid-cols-1" x-cloak x-show="hasStorages">
      <StorageField
        name="source_storage"
        testid="task-source-storage"
        label={t('Source storage')}
        hint={t('Where annotations are imported from')}
      />
      <StorageField name="target_storage" testid="task-target-storage" label={t('Target storage')} hint={t('Where exports go')} />
    </div>
  </div>
)

const Advanced = () => (
  <details class="card group">
    <summary class="flex h-11 list-none items-center gap-2 px-4 font-semibold" data-testid="task-advanced">
      <span class="transition-transform group-open:rotate-90">
        <Icon name="chevronRight" />
      </span>
      {say('Advanced options')}
    </summary>
    <div class="grid gap-4 border-t border-line p-4">
      <div class="grid grid-cols-3 gap-4 max-md:grid-cols-2">
        <label class="field">
          <span class="label">{say('Sorting')}</span>
          <select class="select" name="sorting_method" data-testid="task-sorting">
            {['lexicographical', 'natural', 'predefined', 'random'].map((value) => (
              <option value={value}>{value as 'safe'}</option>
            ))}
          </select>
          <span class="hint">{say('Order of the pictures')}</span>
        </label>
        <NumberField
          name="image_quality"
          testid="task-quality"
          label={t('Image quality')}
          hint={t('Percent, 5 to 100')}
          min={5}
          max={100}
          value="70"
        />
        <NumberField
          name="segment_size"
          testid="task-segment"
          label={t('Segment size')}
          hint={t('Frames per job; empty: one job')}
          min={1}
        />
        <NumberField name="overlap" testid="task-overlap" label={t('Overlap')} hint={t('Frames that neighbours share')} />
        <NumberField name="start_frame" testid="task-start" label={t('Start frame')} hint={t('First frame that is used')} />
        <NumberField name="stop_frame" testid="task-stop" label={t('Stop frame')} hint={t('Last frame that is used')} />
        <NumberField name="frame_step" testid="task-step" label={t('Frame step')} hint={t('Every n-th frame')} min={1} />
        <NumberField
          name="chunk_size"
          testid="task-chunk"
          label={t('Chunk size')}
          hint={t('Frames per package; empty: by size')}
          min={1}
        />
        <label class="field">
          <span class="label">{say('Issue tracker')}</span>
          <input
            class="input"
            type="url"
            name="bug_tracker"
            placeholder="https://…"
            maxlength="2000"
            data-testid="task-tracker"
          />
          <span class="hint">{say('Where problems are discussed')}</span>
        </label>
      </div>
      <div class="grid grid-cols-2 gap-4 max-md:grid-cols-1">
        <SwitchField
          name="use_zip_chunks"
          testid="task-zip-chunks"
          label={t('Prefer zip chunks')}
          hint={t('Send video as pictures instead of video pieces.')}
          checked
        />
        <SwitchField
          name="use_cache"
          testid="task-cache"
          label={t('Use cache')}
          hint={t('Make chunks when they are asked for, not all ahead.')}
          checked
        />
      </div>
      <QualityOptions />
      <StorageOptions />
    </div>
  </details>
)

const maxProjects = 500

/** The page; `?project_id=` chooses the project. `fields`: what was sent and refused. */
const createPage = async ({ who, query, request, context }: Visit, fields: FormTexts = {}, refused?: string): Promise<Page> => {
  const id = Number(textOf(fields, 'project_id') || (query.project_id ?? query.projectId))
  const project = Number.isSafeInteger(id) && id > 0 ? await getProject(who, id) : null
  const { rows: projects } = await listProjects(who, context, [], [], { page: 1, size: maxProjects, offset: 0 })
  return {
    title: t('New task'),
    section: 'tasks',
    status: refused ? 400 : 200,
    body: (
      <form
        class="mx-auto grid max-w-[760px] grid-cols-[minmax(0,1fr)] gap-4"
        method="post"
        action="/tasks/create"
        enctype="multipart/form-data"
        x-data="createTasks"
        data-words={JSON.stringify(manyWords())}
        x-on:submit="submit"
        x-on:labels-changed="takeLabels"
        x-on:source-changed="takeSource"
        novalidate
      >
        <h1>{say('New task')}</h1>
        <FormToken request={request} />
        <Problem text={refused} testid="bare-error" />
        <div class="card grid grid-cols-2 gap-4 p-4 max-md:grid-cols-1">
          <label class="field col-span-full">
            <span class="label" x-text="nameLabel">
              {say('Name')}
            </span>
            <input
              class="input"
              name="name"
              value={textOf(fields, 'name')}
              x-on:input="takeName"
              required
              maxlength="256"
              autofocus
              autocomplete="off"
              dir="auto"
              data-testid="task-name"
            />
            <NameHint />
          </label>
          <ManySwitch />
          <BareProject projects={projects} chosen={project ? String(project.id) : ''} subset={textOf(fields, 'bare_subset')} />
          <label class="field" x-cloak x-show="hasScripts" x-bind:class="projectSpan">
            <span class="label">{say('Project')}</span>
            <input
              class="input"
              role="combobox"
              aria-expanded="false"
              aria-autocomplete="list"
              autocomplete="off"
              placeholder={t('None: the task has labels of its own')}
              value={project?.name ?? ''}
              dir="auto"
              data-projects
              data-chosen={project ? String(project.id) : ''}
              x-on:chosen="chooseProject"
              x-init="startProject"
              data-testid="task-project"
            />
          </label>
          <label class="field" x-cloak x-show="projectId">
            <span class="label">{say('Subset')}</span>
            <input
              class="input"
              name="subset"
              list="subset-names"
              maxlength="64"
              autocomplete="off"
              dir="auto"
              data-testid="task-subset"
            />
            <datalist id="subset-names">
              <option value="Train"></option>
              <option value="Validation"></option>
              <option value="Test"></option>
            </datalist>
          </label>
        </div>
        <div class="card p-4" x-cloak x-show="!projectId">
          <LabelsEditor labels={[]} canEdit />
        </div>
        <Bare>
          <div class="card p-4">
            <BareLabels text={textOf(fields, 'labels')} />
          </div>
        </Bare>
        <p class="hint px-1" x-cloak x-show="projectId">
          {say('The labels of the project will be used.')}
        </p>
        <FileFields canChooseFolder />
        <BareFiles storages={await listStorageOptions(who)} fields={fields} />
        <Advanced />
        <ManyList />
        <div class="card grid gap-2 p-4" x-cloak x-show="isOneBusy" data-testid="task-progress" aria-live="polite">
          <div class="flex gap-2">
            <span class="flex-1" x-text="progressText"></span>
            <span class="num text-muted" x-text="percentText"></span>
          </div>
          <progress max="1" x-bind:value="progress" aria-label={t('Progress')}></progress>
        </div>
        <div class="problem" role="alert" x-cloak x-show="problem" data-testid="task-error">
          <span class="whitespace-pre-line" dir="auto" x-text="problem"></span>
        </div>
        <div class="flex flex-wrap justify-end gap-2" x-show="!hasRows">
          <a class="btn" href={project ? `/projects/${project.id}` : '/tasks'}>
            {say('Cancel')}
          </a>
          <button
            type="submit"
            class="btn"
            name="then"
            value="continue"
            data-testid="task-submit-continue"
            x-bind:disabled="busy"
            x-show="isOne"
          >
            {say('Submit and continue')}
          </button>
          <button type="submit" class="btn btn-primary" data-testid="task-submit" x-bind:disabled="busy" x-show="isOne">
            {say('Submit and open')}
          </button>
          <ManySubmit />
        </div>
      </form>
    ),
  }
}

export const createTaskPage = showPage((visit) => createPage(visit))

/** Without scripts the form comes here. */
export const receiveTask = receiveNewTask(async (visit, fields, error) => createPage(visit, fields, wordsOf(error)))
