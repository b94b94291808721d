// Where the files of a task come from: this computer, the share, other servers, a bucket; the island `fileSources` in a form of `createTask`.
import { say, t } from '../../web/ui/i18n/message'
import { Icon } from '../../web/ui/icon'

type TabProps = { kind: string; label: string; show: string; isShown: string }

const Tab = ({ kind, label, show, isShown }: TabProps) => (
  <button
    type="button"
    role="tab"
    class="chip"
    x-bind:aria-selected={isShown}
    x-on:click={show}
    x-bind:disabled="busy"
    data-testid={`task-source-${kind}`}
    safe
  >
    {label}
  </button>
)

const FolderChoice = () => (
  <label class="link relative justify-self-start text-[13px]" x-show="isMany">
    {t('Choose a folder') as 'safe'}
    <input
      class="absolute inset-0 size-full cursor-pointer opacity-0"
      type="file"
      {...{ webkitdirectory: '' }}
      x-on:change="choose"
      data-testid="task-folder"
    />
  </label>
)

const OwnFiles = ({ hint, canChooseFolder }: { hint: string; canChooseFolder: boolean }) => (
  <>
    <div
      class="drop relative grid justify-items-center gap-1 px-4 py-7 text-center"
      x-bind:data-over="isOver"
      x-on:dragenter="over"
      x-on:dragover="over"
      x-on:dragleave="out"
      x-on:drop="drop"
    >
      <span class="text-muted">
        <Icon name="cloud" />
      </span>
      <span class="font-medium">{say('Drop files here, or click to choose')}</span>
      <span class="hint" safe>
        {hint}
      </span>
      <input
        class="absolute inset-0 size-full cursor-pointer opacity-0"
        type="file"
        multiple
        aria-label={t('Files')}
        x-on:change="choose"
        data-testid="task-files"
      />
    </div>
    {canChooseFolder ? <FolderChoice /> : ''}
    <div class="flex items-center gap-2 text-[13px]" x-cloak x-show="hasFiles">
      <span class="num flex-1 font-medium" x-text="summary"></span>
      <button type="button" class="btn btn-quiet btn-small" x-on:click="clear" x-show="!busy">
        {say('Remove all')}
      </button>
    </div>
    <ul
      class="grid max-h-72 gap-px overflow-auto rounded-md border border-line"
      x-cloak
      x-show="hasFiles"
      data-testid="task-file-list"
    >
      <template x-for="file in shownFiles" x-bind:key="file.key">
        <li
          class="grid grid-cols-[auto_minmax(0,1fr)_auto_auto] items-center gap-2 px-2 py-1 text-[13px]"
          x-bind:data-name="file.name"
        >
          <span class="text-muted">
            <Icon name="file" />
          </span>
          <span class="truncate" dir="auto" x-text="file.name"></span>
          <span class="num text-muted" x-text="file.note"></span>
          <button
            type="button"
            class="btn btn-quiet btn-small btn-icon"
            x-on:click="removeFile(file)"
            x-show="!busy"
            x-bind:aria-label="file.name"
          >
            <Icon name="close" />
          </button>
        </li>
      </template>
      <li class="px-2 py-1 text-[13px] text-muted" x-show="hiddenCount" x-text="hiddenText"></li>
    </ul>
  </>
)

const RemoteFiles = () => (
  <label class="field">
    <span class="label">{say('Addresses')}</span>
    <textarea
      class="area"
      rows="5"
      placeholder="https://…"
      spellcheck="false"
      dir="ltr"
      x-on:input="takeUrls"
      data-testid="task-remote"
    ></textarea>
    <span class="hint">{say('One address of a file a line')}</span>
  </label>
)

const Bucket = () => (
  <div class="grid grid-cols-2 gap-4 max-md:grid-cols-1">
    <label class="field">
      <span class="label">{say('Cloud storage')}</span>
      <select class="select" x-on:change="chooseStorage" data-testid="task-cloud">
        <option value="">{say('Choose one')}</option>
        <template x-for="storage in storages" x-bind:key="storage.id">
          <option x-bind:value="storage.id" x-text="storage.display_name"></option>
        </template>
      </select>
      <span class="hint" x-show="prefix">
        {say('Only names that start with')} <bdi x-text="prefix"></bdi>
      </span>
      <span class="hint" x-show="noStorages">
        {say('There is none yet.')}{' '}
        <a class="link" href="/cloudstorages">
          {say('Cloud storages')}
        </a>
      </span>
    </label>
    <label class="field" x-show="hasManifests">
      <span class="label">{say('Manifest')}</span>
      <select class="select" x-on:change="chooseManifest" data-testid="task-cloud-manifest">
        <option value="">{say('None: all files of the bucket')}</option>
        <template x-for="name in manifests" x-bind:key="name">
          <option x-bind:value="name" x-text="name"></option>
        </template>
      </select>
      <span class="hint">{say('Without a choice of files: everything it lists')}</span>
    </label>
    <label class="field" x-show="storageId">
      <span class="label">{say('Names that start with')}</span>
      <span class="flex gap-2">
        <input
          class="input flex-1"
          autocomplete="off"
          dir="auto"
          x-bind:value="search"
          x-on:change="takeSearch"
          data-testid="task-cloud-search"
        />
        <button type="button" class="btn" x-on:click="searchBucket" data-testid="task-cloud-refresh">
          {say('Refresh')}
        </button>
      </span>
    </label>
    <label class="field" x-show="storageId">
      <span class="label">{say('Pattern of file names')}</span>
      <input
        class="input"
        autocomplete="off"
        placeholder="images/*.jpg"
        dir="auto"
        x-on:input="takePattern"
        data-testid="task-cloud-pattern"
      />
      <span class="hint">{say('Instead of choosing files: * ? [a-c]')}</span>
    </label>
  </div>
)

const Tree = () => (
  <div class="grid gap-2" x-show="hasTree">
    <ul
      class="grid max-h-80 min-h-9 content-start gap-px overflow-auto rounded-md border border-line py-1"
      x-bind:aria-label="treeName"
      x-bind:data-testid="treeId"
    >
      <template x-for="row in rows" x-bind:key="row.key">
        <li class="flex items-center gap-2 py-0.5 pr-2 text-[13px]" x-bind:class="row.indent" x-bind:data-path="row.path">
          <input
            type="checkbox"
            class="check"
            x-show="!row.isMore"
            x-effect="paint(row)"
            x-on:change="tick(row)"
            x-bind:aria-label="row.label"
            x-bind:disabled="busy"
          />
          <button
            type="button"
            class="btn btn-quiet btn-small min-w-0 flex-1 justify-start"
            x-show="row.isFolder"
            x-bind:aria-expanded="row.isOpen"
            x-on:click="flip(row)"
          >
            <span class="text-muted">
              <Icon name="folder" />
            </span>
            <span class="truncate" dir="auto" x-text="row.name"></span>
          </button>
          <button type="button" class="btn btn-quiet btn-small" x-show="row.isMore" x-on:click="flip(row)">
            {say('Show more')}
          </button>
          <span
            class="flex h-7 min-w-0 flex-1 items-center truncate px-2"
            dir="auto"
            x-show="isFile(row)"
            x-text="row.name"
          ></span>
        </li>
      </template>
      <li class="px-3 py-1 text-[13px] text-muted" x-show="isEmpty" x-text="emptyText"></li>
      <li class="px-3 py-1 text-[13px] text-muted" x-show="isLoading">
        {say('Loading…')}
      </li>
    </ul>
    <label class="flex gap-2.5">
      <input class="check mt-0.5" type="checkbox" x-on:change="takeCopy" data-testid="task-copy" />
      <span class="grid gap-0.5">
        <span class="label">{say('Copy the files')}</span>
        <span class="hint">
          {say('The task stays complete when they are removed there. Otherwise they are read where they lie.')}
        </span>
      </span>
    </label>
  </div>
)

type FieldsProps = {
  /** Which files may be uploaded. */
  hint?: string
  /** For the island `createTasks`, where folders are tasks. */
  canChooseFolder?: boolean
}

export const FileFields = ({
  hint = t('Pictures, archives, PDF documents, point clouds or videos'),
  canChooseFolder = false,
}: FieldsProps) => (
  <section class="card grid gap-3 p-4" x-data="fileSources" x-cloak>
    <div class="flex flex-wrap items-center gap-2">
      <h2 class="mr-2">{say('Files')}</h2>
      <div class="flex flex-wrap gap-1.5" role="tablist" aria-label={t('Where the files come from')}>
        <Tab kind="computer" label={t('My computer')} show="showComputer" isShown="isComputer" />
        <Tab kind="share" label={t('Connected share')} show="showShare" isShown="isShare" />
        <Tab kind="remote" label={t('Other servers')} show="showRemote" isShown="isRemote" />
        <Tab kind="cloud" label={t('Cloud storage')} show="showCloud" isShown="isCloud" />
      </div>
    </div>
    <div class="grid gap-3" x-show="isComputer">
      <OwnFiles hint={hint} canChooseFolder={canChooseFolder} />
    </div>
    <div class="grid gap-3" x-cloak x-show="isRemote">
      <RemoteFiles />
    </div>
    <div class="grid gap-3" x-cloak x-show="isCloud">
      <Bucket />
    </div>
    <div x-cloak x-show="hasTree">
      <Tree />
    </div>
    <div class="problem" role="alert" x-cloak x-show="trouble" data-testid="task-source-error">
      <span class="whitespace-pre-line" dir="auto" x-text="trouble"></span>
    </div>
  </section>
)
