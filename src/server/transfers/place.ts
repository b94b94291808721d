// What is exported or imported into by a plain page: a project, task or job, with the way back to it.
import { t } from '../../web/ui/i18n/message'
import { getJob } from '../jobs/service'
import type { Who } from '../policy/who'
import { getProject } from '../projects/service'
import { getTask } from '../tasks/service'

export const kinds = ['project', 'task', 'job'] as const
export type Kind = (typeof kinds)[number]

/** `dimension`: of its frames; undefined for projects, whose tasks may have either. */
export type Place = { kind: Kind; id: number; name: string; back: string; dimension?: string }

/** Throws 404, and 403 for those who may not. */
export const findPlace = async (who: Who, kind: Kind, id: number, action: 'export' | 'import'): Promise<Place> => {
  const back = `/${kind}s/${id}`
  if (kind === 'project') return { kind, id, name: (await getProject(who, id, action)).name, back }
  if (kind === 'task') {
    const { name, dimension } = (await getTask(who, id, action)).task
    return { kind, id, name, back, dimension }
  }
  const { dimension } = (await getJob(who, id, action)).task
  return { kind, id, name: t('Job #{id}', { id }), back: '/jobs', dimension }
}

type Listing = { name: string; dimension: string }

/** Formats that fit, as choices. */
export const formatOptions = (formats: Listing[], { dimension }: Place) =>
  formats.filter((format) => !dimension || format.dimension.toLowerCase() === dimension).map(({ name }) => [name, name] as const)
