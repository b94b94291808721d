// Where the files of a task come from in a form without scripts: chosen here, of the share or a bucket, or of other servers.
import { Bare } from '../../web/ui/bare'
import { AreaField, CheckField, ChoiceField, TextField } from '../../web/ui/form'
import { say, t } from '../../web/ui/i18n/message'
import type { StorageOption } from '../../web/ui/storage-choice'
import { type FormTexts, textOf } from '../http/form-fields'

type FilesProps = { storages: StorageOption[]; fields?: FormTexts }

export const BareFiles = ({ storages, fields = {} }: FilesProps) => (
  <Bare>
    <section class="card grid gap-4 p-4">
      <h2>{say('Files')}</h2>
      <label class="field">
        <span class="label">{say('From this computer')}</span>
        <input class="area min-h-0" type="file" name="client_files" multiple data-testid="bare-files" />
        <span class="hint">{say('Pictures, archives, PDF documents, point clouds or videos')}</span>
      </label>
      <AreaField
        label="Of the connected share, or of the cloud storage"
        hint="One file or folder a line"
        name="server_files"
        value={textOf(fields, 'server_files')}
        testid="bare-server-files"
      />
      {storages.length ? (
        <ChoiceField
          label="Cloud storage"
          name="cloud_storage_id"
          value={textOf(fields, 'cloud_storage_id')}
          options={[['', 'None'], ...storages.map(({ id, name }) => [String(id), name] as const)]}
          testid="bare-cloud"
        />
      ) : (
        ''
      )}
      <TextField
        label="Pattern of file names"
        hint="Instead of choosing files: * ? [a-c]"
        name="filename_pattern"
        value={textOf(fields, 'filename_pattern')}
        testid="bare-pattern"
      />
      <CheckField label="Copy the files" name="copy_data" isOn={fields.copy_data !== undefined} testid="bare-copy" />
      <AreaField
        label="Of other servers"
        hint="One address of a file a line"
        name="remote_files"
        value={textOf(fields, 'remote_files')}
        testid="bare-remote"
      />
    </section>
  </Bare>
)

type ProjectsProps = { projects: { id: number; name: string }[]; chosen: string; subset: string }

/** Project and subset, where the page with scripts searches while typing. */
export const BareProject = ({ projects, chosen, subset }: ProjectsProps) => (
  <Bare>
    <div class="grid gap-4">
      <label class="field">
        <span class="label">{say('Project')}</span>
        <select class="select" name="project_id" data-testid="bare-project">
          <option value="">{t('None: the task has labels of its own') as 'safe'}</option>
          {projects.map(({ id, name }) => (
            <option value={String(id)} selected={String(id) === chosen} safe>
              {name}
            </option>
          ))}
        </select>
      </label>
      <TextField label="Subset" name="bare_subset" value={subset} maxlength={64} testid="bare-subset" />
    </div>
  </Bare>
)
