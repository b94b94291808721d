// Names of the events that webhooks may ask for, by the webhook's type.
import type { WebhookType } from './schema'

const everywhere = ['comment', 'issue', 'job', 'task']
const actions = ['create', 'delete', 'update']
const changesOf = (resources: string[]) => resources.flatMap((resource) => actions.map((action) => `${action}:${resource}`))
const completed = (kinds: string[]) => kinds.map((kind) => `completed:request[${kind}]`)

const ofProject = [
  ...changesOf(everywhere),
  'update:project',
  'delete:project',
  ...completed([
    'calculate:quality',
    'create:task',
    'export:annotations',
    'export:backup',
    'export:dataset',
    'merge:job',
    'merge:task',
  ]),
].sort()
const ofOrganization = [
  ...ofProject,
  'create:project',
  ...changesOf(['membership']),
  'create:invitation',
  'delete:invitation',
  'update:organization',
  'delete:organization',
].sort()
const ofServer = [...ofOrganization, 'create:organization', ...changesOf(['user'])].sort()

export const eventNames: Record<WebhookType | 'all', string[]> = {
  project: ofProject,
  organization: ofOrganization,
  server: ofServer,
  all: ofServer,
}

/** The thing that an event is about, as a heading: `create:task` → Task. */
export const groupOf = (name: string) => {
  const thing = /:([a-z]+)/.exec(name)?.[1] ?? name
  return thing.charAt(0).toUpperCase() + thing.slice(1)
}
