// A choice between this server and the cloud storages that the person sees; saved at once, or part of a form.
import { Field } from './form'
import { t } from './i18n/message'

export type StorageOption = { id: number; name: string }
type Place = { location: string; cloud_storage_id: number | null } | null

type ChoiceProps = {
  label: string
  hint?: string
  testid: string
  storages: StorageOption[]
  value?: Place
  canEdit?: boolean
  /** The field of the form, or of the thing at `path`. */
  field: string
  path?: string
}

/** The storages with the one that is chosen, even when the person does not see that. */
const withChosen = (storages: StorageOption[], id: number | null | undefined): StorageOption[] =>
  !id || storages.some((storage) => storage.id === id) ? storages : [...storages, { id, name: `#${id}` }]

export const StorageChoice = (props: ChoiceProps): JSX.Element => {
  const { storages, value, canEdit = true, field, path, testid } = props
  const chosen = value?.location === 'cloud_storage' ? value.cloud_storage_id : null
  return (
    <Field {...props}>
      <select
        class={path ? 'select compact' : 'select'}
        name={path ? undefined : field}
        disabled={!canEdit}
        autocomplete="off"
        data-patch={path}
        data-field={path && field}
        data-kind={path && 'storage'}
        data-testid={testid}
      >
        <option value="">{t('This server') as 'safe'}</option>
        {withChosen(storages, chosen).map(({ id, name }) => (
          <option value={String(id)} selected={id === chosen} safe>
            {name}
          </option>
        ))}
      </select>
    </Field>
  )
}

type PlacesProps = {
  storages: StorageOption[]
  source?: Place
  target?: Place
  canEdit?: boolean
  path?: string
  /** `project` names the controls `project-source-storage`. */
  kind: 'project' | 'task'
}

/** Where imports come from and exports go; nothing while there is only this server. */
export const PlaceChoices = ({ source = null, target = null, kind, ...shared }: PlacesProps): JSX.Element => {
  if (!shared.storages.length && source?.location !== 'cloud_storage' && target?.location !== 'cloud_storage') return ''
  return (
    <>
      <StorageChoice
        {...shared}
        label="Source storage"
        hint="Where annotations are imported from"
        field="source_storage"
        value={source}
        testid={`${kind}-source-storage`}
      />
      <StorageChoice
        {...shared}
        label="Target storage"
        hint="Where exports go"
        field="target_storage"
        value={target}
        testid={`${kind}-target-storage`}
      />
    </>
  )
}

type SourceProps = {
  label: string
  hint?: string
  testid: string
  storages: StorageOption[]
  chosen: number | null
  path: string
}

/** The bucket that the frames of a task are read from; it can be exchanged for another with the same files. */
export const FrameStorage = (props: SourceProps): JSX.Element => (
  <Field {...props}>
    <select
      class="select compact"
      autocomplete="off"
      data-patch={props.path}
      data-field="cloud_storage_id"
      data-kind="number"
      data-testid={props.testid}
    >
      {props.chosen === null ? <option value="">{t('Choose…') as 'safe'}</option> : ''}
      {withChosen(props.storages, props.chosen).map(({ id, name }) => (
        <option value={String(id)} selected={id === props.chosen} safe>
          {name}
        </option>
      ))}
    </select>
  </Field>
)
