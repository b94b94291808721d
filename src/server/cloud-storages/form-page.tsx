// The form of a cloud storage: connected and changed on the same page. Fields of other providers are hidden by style, so it works without scripts.

import { AreaField, ChoiceField, Notice, PageHead, Problem, TextField } from '../../web/ui/form'
import { say, t } from '../../web/ui/i18n/message'
import { type Fields, FormToken, type Page, problemsOf, readId, receiveForm, showPage, type Visit } from '../auth/service'
import { forbidden, invalid } from '../http/errors'
import { redirectTo } from '../http/html'
import { can } from '../policy/can'
import { showContents } from './contents-page'
import { readAttributes } from './location'
import { credentialKinds, providerNames } from './provider-names'
import { type CredentialsType, credentialsTypes, type ProviderType, providerTypes } from './schema'
import { type CloudStorage, type CloudStorageInput, createCloudStorage, getCloudStorage, updateCloudStorage } from './service'

/** What stands in the form; secrets never do. */
type Values = {
  display_name: string
  description: string
  provider_type: ProviderType
  credentials_type: CredentialsType
  resource: string
  account_name: string
  endpoint_url: string
  region: string
  prefix: string
  project_id: string
  location: string
  manifests: string
}
type Problems = Record<string, string>

const fresh: Values = {
  display_name: '',
  description: '',
  provider_type: 'AWS_S3_BUCKET',
  credentials_type: 'KEY_SECRET_KEY_PAIR',
  resource: '',
  account_name: '',
  endpoint_url: '',
  region: '',
  prefix: '',
  project_id: '',
  location: '',
  manifests: '',
}

const valuesOf = (row: CloudStorage): Values => {
  const { endpoint = '', region = '', prefix } = readAttributes(row.specificAttributes)
  const all = new URLSearchParams(row.specificAttributes)
  return {
    ...fresh,
    display_name: row.displayName,
    description: row.description,
    provider_type: row.providerType,
    credentials_type: row.credentialsType,
    resource: row.resource,
    endpoint_url: endpoint,
    region,
    prefix,
    project_id: all.get('project_id') ?? '',
    location: all.get('location') ?? '',
    manifests: row.manifests.join('\n'),
  }
}

const oneOf = <T extends string>(field: string, choices: readonly T[], text: string | undefined): T => {
  const found = choices.find((choice) => choice === text)
  if (!found) throw invalid({ [field]: t('Choose one of the list.') })
  return found
}

const readValues = (fields: Fields): Values => {
  const provider = oneOf('provider_type', providerTypes, fields.provider_type?.[0])
  // One choice for each provider is in the form; that of the chosen one counts.
  const type = oneOf('credentials_type', credentialsTypes, fields[`credentials_${provider}`]?.[0])
  const text = (name: string) => (fields[name]?.[0] ?? '').trim()
  const texts = Object.fromEntries(Object.keys(fresh).map((name) => [name, text(name)])) as unknown as Values
  return { ...texts, provider_type: provider, credentials_type: type }
}

const secretFields = ['key', 'secret_key', 'session_token', 'account_name', 'connection_string', 'key_file'] as const

const readInput = (values: Values, fields: Fields) => {
  const names = ['endpoint_url', 'region', 'prefix', 'project_id', 'location'] as const
  const attributes = new URLSearchParams(names.flatMap((name) => (values[name] ? [[name, values[name]]] : [])))
  const kind = credentialKinds[values.provider_type].find(({ type }) => type === values.credentials_type)
  const given = secretFields.filter((name) => kind?.fields.includes(name) && fields[name]?.some((text) => text.trim()))
  const secretOf = (name: string) => fields[name]!.find((text) => text.trim())!.trim()
  if (!values.display_name) throw invalid({ display_name: t('This field is required.') })
  if (!values.resource) throw invalid({ resource: t('This field is required.') })
  return {
    display_name: values.display_name,
    description: values.description,
    provider_type: values.provider_type,
    credentials_type: values.credentials_type,
    resource: values.resource,
    specific_attributes: attributes.toString(),
    manifests: values.manifests.split('\n').flatMap((line) => line.trim() || []),
    ...Object.fromEntries(given.map((name) => [name, secretOf(name)])),
  } satisfies CloudStorageInput
}

const secretLabels: Record<(typeof secretFields)[number], string> = {
  key: 'Access key ID',
  secret_key: 'Secret access key',
  session_token: 'SAS token',
  account_name: 'Account name',
  connection_string: 'Connection string',
  key_file: 'Key file (its JSON text)',
}

type SecretProps = { name: (typeof secretFields)[number]; values: Values; problem?: string; isNew: boolean }

const Secret = ({ name, values, problem, isNew }: SecretProps) => {
  const placeholder = isNew ? undefined : `•••••••• (${t('unchanged')})`
  if (name === 'key_file')
    return (
      <AreaField
        label={secretLabels[name]}
        name={name}
        rows={4}
        placeholder={placeholder ?? '{"type": "service_account", …}'}
        testid="storage-key-file"
        problem={problem}
      />
    )
  return (
    <TextField
      label={secretLabels[name]}
      name={name}
      type={name === 'account_name' || name === 'key' ? 'text' : 'password'}
      value={name === 'account_name' ? values.account_name : ''}
      placeholder={placeholder}
      autocomplete="new-password"
      testid={`storage-${name.replaceAll('_', '-')}`}
      problem={problem}
    />
  )
}

const Provider = ({
  provider,
  values,
  problems,
  isNew,
}: {
  provider: ProviderType
  values: Values
  problems: Problems
  isNew: boolean
}) => {
  const own = values.provider_type === provider
  const kinds = credentialKinds[provider]
  return (
    <div class="grid gap-4" data-provider={provider}>
      <ChoiceField
        label="Signs in with"
        name={`credentials_${provider}`}
        value={own ? values.credentials_type : kinds[0]!.type}
        options={kinds.map(({ type, label }) => [type, label])}
        testid={`storage-credentials-${provider.split('_')[0]!.toLowerCase()}`}
        problem={own ? problems.credentials_type : undefined}
      />
      {kinds.map(({ type, fields }) =>
        fields.length ? (
          <div class="grid grid-cols-2 gap-4 max-sm:grid-cols-1" data-credentials={type}>
            {fields.map((name) => (
              <Secret name={name} values={values} problem={own ? problems[name] : undefined} isNew={isNew} />
            ))}
          </div>
        ) : (
          ''
        ),
      )}
    </div>
  )
}

type FormProps = { request: Request; action: string; values: Values; problems: Problems; isNew: boolean; mayChange: boolean }

const shownFields = [...Object.keys(fresh), ...secretFields]

const Form = ({ request, action, values, problems, isNew, mayChange }: FormProps) => {
  const others = Object.entries(problems).flatMap(([field, text]) => (shownFields.includes(field) ? [] : [text]))
  return (
    <form class="storage-form card grid gap-4 p-4" method="post" action={action} data-submit-once>
      <FormToken request={request} />
      <Problem text={others.join('\n')} testid="storage-error" />
      <fieldset class="grid gap-4" disabled={!mayChange}>
        <TextField
          label="Name"
          name="display_name"
          value={values.display_name}
          required
          maxlength={63}
          autofocus={isNew}
          testid="storage-name"
          problem={problems.display_name}
        />
        <AreaField label="Description" name="description" value={values.description} rows={2} testid="storage-description" />
        <div class="grid grid-cols-2 gap-4 max-sm:grid-cols-1">
          <ChoiceField
            label="Provider"
            name="provider_type"
            value={values.provider_type}
            options={providerTypes.map((type) => [type, providerNames[type]])}
            testid="storage-provider"
            problem={problems.provider_type}
          />
          <TextField
            label="Bucket or container"
            name="resource"
            value={values.resource}
            required
            maxlength={222}
            testid="storage-resource"
            problem={problems.resource}
          />
        </div>
        {providerTypes.map((provider) => (
          <Provider provider={provider} values={values} problems={problems} isNew={isNew} />
        ))}
        <div class="grid grid-cols-2 gap-4 max-sm:grid-cols-1">
          <TextField
            label="Address of the server"
            name="endpoint_url"
            type="url"
            value={values.endpoint_url}
            placeholder="https://…"
            hint="Only for servers other than the provider’s own, such as MinIO."
            testid="storage-endpoint"
            problem={problems.specific_attributes}
          />
          <TextField
            label="Region"
            name="region"
            value={values.region}
            placeholder="eu-central-1"
            maxlength={64}
            testid="storage-region"
          />
          <TextField
            label="Prefix"
            name="prefix"
            value={values.prefix}
            placeholder="folder/"
            hint="Only what begins like this is listed."
            testid="storage-prefix"
          />
        </div>
        <AreaField
          label="Manifests"
          name="manifests"
          value={values.manifests}
          rows={2}
          placeholder="manifest.jsonl"
          hint="Optional: names of .jsonl files in the bucket, one a line. With a manifest, files need not be looked at one by one."
          testid="storage-manifests"
          problem={problems.manifests}
        />
      </fieldset>
      {mayChange && (
        <div class="flex items-center justify-end gap-2">
          <span class="hint me-auto">{say('The bucket is tried before it is saved.')}</span>
          <a class="btn" href="/cloudstorages">
            {say('Cancel')}
          </a>
          <button type="submit" class="btn btn-primary" data-testid="storage-submit">
            {isNew ? say('Connect') : say('Save')}
          </button>
        </div>
      )}
    </form>
  )
}

const listCrumbs = () => [{ href: '/cloudstorages', label: t('Cloud storages') }]

const createPage = ({ request, who, context }: Visit, values: Values, problems: Problems = {}): Page => {
  const organizationId = context.kind === 'organization' ? context.id : null
  if (!can(who, 'cloud-storage', 'create', { organizationId })) throw forbidden()
  return {
    title: t('Connect storage'),
    section: 'cloud-storages',
    status: Object.keys(problems).length ? 400 : 200,
    body: (
      <div class="mx-auto max-w-[760px]">
        <PageHead title={t('Connect storage')} crumbs={listCrumbs()} />
        <Form request={request} action="/cloudstorages/create" values={values} problems={problems} isNew mayChange />
      </div>
    ),
  }
}

type Told = { values?: Values; problems?: Problems }

const storagePage = async (visit: Visit, row: CloudStorage, { values, problems = {} }: Told = {}): Promise<Page> => {
  const mayChange = can(visit.who, 'cloud-storage', 'update', row)
  return {
    title: row.displayName,
    section: 'cloud-storages',
    status: Object.keys(problems).length ? 400 : 200,
    body: (
      <div class="mx-auto grid max-w-[760px] grid-cols-[minmax(0,1fr)] gap-4">
        <PageHead title={row.displayName} crumbs={listCrumbs()} />
        <Notice text={visit.query.saved ? t('The storage is connected.') : undefined} testid="storage-saved" />
        <Form
          request={visit.request}
          action={`/cloudstorages/${row.id}`}
          values={values ?? valuesOf(row)}
          problems={problems}
          isNew={false}
          mayChange={mayChange}
        />
        {(await showContents(visit, row)) as 'safe'}
      </div>
    ),
  }
}

export const showCreate = showPage(async (visit) => createPage(visit, fresh))

/** Values as they were sent, for showing them again; what is no choice becomes the first. */
const readLoosely = (fields: Fields): Values => {
  try {
    return readValues(fields)
  } catch {
    return fresh
  }
}

export const receiveNew = receiveForm(async (visit, fields) => {
  try {
    const row = await createCloudStorage(visit.who, visit.origin, visit.context, readInput(readValues(fields), fields))
    return redirectTo(`/cloudstorages/${row.id}?saved=1`)
  } catch (error) {
    return createPage(visit, readLoosely(fields), problemsOf(error))
  }
})

export const showStorage = showPage(async (visit, params) => storagePage(visit, await getCloudStorage(visit.who, readId(params))))

export const receiveEdit = receiveForm(async (visit, fields, params) => {
  const row = await getCloudStorage(visit.who, readId(params), 'update')
  try {
    await updateCloudStorage(visit.who, visit.origin, row.id, readInput(readValues(fields), fields))
    return redirectTo(`/cloudstorages/${row.id}?saved=1`)
  } catch (error) {
    return storagePage(visit, row, { values: readLoosely(fields), problems: problemsOf(error) })
  }
})
