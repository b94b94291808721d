// /models/new: administrators name a function behind an HTTP address; works without scripts.
import { labelTypes, shapeTypes } from '../../formats/model'
import { AreaField, CheckField, ChoiceField, PageHead, Problem, TextField } from '../../web/ui/form'
import { say, t } from '../../web/ui/i18n/message'
import { Icon } from '../../web/ui/icon'
import { type Fields, FormToken, type Page, problemsOf, receiveForm, showPage, type Visit } from '../auth/service'
import { forbidden, invalid } from '../http/errors'
import { redirectTo } from '../http/html'
import { type FunctionKind, functionKinds } from './contract'
import { createFunction } from './manage'
import { keyOfStored } from './stored'
import { kindWords } from './words'

type Values = {
  name: string
  description: string
  kind: FunctionKind
  url: string
  labels: string
  shapes: string
  points: string
  negative: boolean
  box: 'no' | 'optional' | 'required'
  isPublic: boolean
}

const fresh: Values = {
  name: '',
  description: '',
  kind: 'detector',
  url: '',
  labels: '',
  shapes: 'rectangle',
  points: '1',
  negative: false,
  box: 'no',
  isPublic: true,
}

const requireAdmin = ({ who }: Visit) => {
  if (!who.admin) throw forbidden()
}

/** One label a line, its type after a colon; or JSON as the API takes it. */
const readLabels = (text: string): unknown => {
  if (text.trim().startsWith('[')) {
    try {
      return JSON.parse(text)
    } catch {
      throw invalid({ labels_v2: t('The labels are not JSON.') })
    }
  }
  return text.split('\n').flatMap((line) => {
    const [, name = '', type] = /^(.*?)(?::\s*(\w+))?\s*$/.exec(line.trim()) ?? []
    if (!name.trim()) return []
    if (type && !labelTypes.includes(type as (typeof labelTypes)[number]))
      throw invalid({ labels_v2: t('“{type}” is no type of labels: {types} are.', { type, types: labelTypes.join(', ') }) })
    return [{ name: name.trim(), ...(type && { type }) }]
  })
}

const readInput = (values: Values, apiKey: string) => {
  const { name, description, kind, url, isPublic, box } = values
  return {
    provider: 'http',
    name,
    description,
    kind,
    url,
    visibility: isPublic ? ('public' as const) : ('private' as const),
    ...(apiKey && { api_key: apiKey }),
    ...(['detector', 'classifier', 'attributes'].includes(kind) && { labels_v2: readLabels(values.labels) }),
    ...(kind === 'tracker' && { supported_shape_types: values.shapes.split(/[\s,]+/).filter(Boolean) }),
    ...(kind === 'interactor' && {
      min_pos_points: Math.max(0, Math.trunc(Number(values.points)) || 0),
      min_neg_points: values.negative ? 0 : -1,
      startswith_box: box === 'required',
      startswith_box_optional: box === 'optional',
    }),
  }
}

type Problems = Record<string, string>

const Form = ({ request, values, problems }: { request: Request; values: Values; problems: Problems }) => (
  <form class="card grid gap-4 p-4" method="post" action="/models/new" data-submit-once>
    <FormToken request={request} />
    <Problem text={Object.values(problems).join('\n')} testid="model-error" />
    <TextField label="Name" name="name" value={values.name} required maxlength={128} autofocus testid="model-name" />
    <AreaField label="Description" name="description" value={values.description} rows={2} testid="model-description" />
    <div class="grid grid-cols-2 gap-4 max-sm:grid-cols-1">
      <ChoiceField
        label="Kind"
        name="kind"
        value={values.kind}
        options={functionKinds.map((kind) => [kind, kindWords[kind]])}
        testid="model-kind"
      />
      <TextField
        label="Address"
        name="url"
        type="url"
        value={values.url}
        required
        maxlength={256}
        placeholder="http://host:8080/"
        hint="It is asked by POST with the bodies of Nuclio. Private addresses must be allowed by the setting outbound_allow."
        testid="model-url"
      />
    </div>
    <TextField
      label="Key"
      name="api_key"
      type="password"
      autocomplete="new-password"
      maxlength={64}
      hint="Sent along as a bearer token; kept sealed."
      testid="model-key"
    />
    <AreaField
      label="Labels"
      name="labels"
      value={values.labels}
      rows={5}
      placeholder={'car\ntree: polygon'}
      hint="Of detectors, classifiers and attribute fillers: one a line, its type after a colon, or JSON with attributes."
      testid="model-label-lines"
    />
    <TextField
      label="Shapes"
      name="shapes"
      value={values.shapes}
      hint={t('Of trackers: {types}.', { types: shapeTypes.join(', ') })}
      testid="model-shapes"
    />
    <div class="grid grid-cols-2 gap-4 max-sm:grid-cols-1">
      <TextField
        label="Least number of clicks"
        name="points"
        type="number"
        value={values.points}
        hint="Of interactors, as the next two."
        testid="model-points"
      />
      <ChoiceField
        label="Begins with a box"
        name="box"
        value={values.box}
        options={[
          ['no', 'No'],
          ['optional', 'If one likes'],
          ['required', 'Always'],
        ]}
        testid="model-box"
      />
    </div>
    <CheckField label="Takes clicks outside of the object" name="negative" isOn={values.negative} testid="model-negative" />
    <CheckField label="For everybody on this server" name="public" isOn={values.isPublic} testid="model-public" />
    <div class="flex justify-end gap-2">
      <a class="btn" href="/models">
        {say('Cancel')}
      </a>
      <button type="submit" class="btn btn-primary" data-testid="model-submit">
        <Icon name="plus" />
        {say('Add model')}
      </button>
    </div>
  </form>
)

const show = (visit: Visit, values = fresh, problems: Problems = {}): Page => ({
  title: t('Add model'),
  section: 'models',
  status: Object.keys(problems).length ? 400 : 200,
  body: (
    <div class="mx-auto max-w-[720px]">
      <PageHead title={t('Add model')} crumbs={[{ href: '/models', label: t('Models') }]} />
      <Form request={visit.request} values={values} problems={problems} />
    </div>
  ),
})

export const showNewModel = showPage(async (visit) => {
  requireAdmin(visit)
  return show(visit)
})

const readValues = (fields: Fields): Values => {
  const text = (name: string) => (fields[name]?.[0] ?? '').trim()
  const box = text('box')
  return {
    name: text('name'),
    description: text('description'),
    kind: functionKinds.find((kind) => kind === text('kind')) ?? 'detector',
    url: text('url'),
    labels: fields.labels?.[0] ?? '',
    shapes: text('shapes'),
    points: text('points'),
    negative: text('negative') === 'on',
    box: box === 'optional' || box === 'required' ? box : 'no',
    isPublic: text('public') === 'on',
  }
}

export const receiveNewModel = receiveForm(async (visit, fields) => {
  requireAdmin(visit)
  const values = readValues(fields)
  try {
    const row = await createFunction(visit.who, visit.context, readInput(values, fields.api_key?.[0]?.trim() ?? ''))
    return redirectTo(`/models/${encodeURIComponent(keyOfStored(row))}`)
  } catch (error) {
    return show(visit, values, problemsOf(error))
  }
})
