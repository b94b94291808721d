// Where a page searches: everything, a project or a task; its address, its heading, its labels.
import { t } from '../../web/ui/i18n/message'
import type { Visit } from '../auth/service'
import { readId } from '../auth/service'
import { findProject } from '../projects/service'
import { findTask } from '../tasks/service'
import { type Asked, type Place, placeLabels } from './service'

export type PagePlace = {
  place: Place
  /** Path of the gallery. */
  path: string
  name: string
  crumbs: { name: string; href: string }[]
  /** Names of the labels and of their attributes; empty where several projects have their own. */
  labels: string[]
  attributes: { name: string; values: string[] }[]
}

const namesOf = async (place: Place) => {
  const labels = (await placeLabels(place)) ?? []
  const attributes = new Map<string, Set<string>>()
  for (const label of labels)
    for (const { name, values, input_type, default_value } of label.attributes) {
      const known = attributes.get(name) ?? new Set()
      attributes.set(name, known)
      if (input_type === 'checkbox') for (const value of ['true', 'false']) known.add(value)
      if (input_type === 'select' || input_type === 'radio') for (const value of [...values, default_value]) known.add(value)
    }
  return {
    labels: labels.map(({ name }) => name),
    attributes: [...attributes].map(([name, values]) => ({ name, values: [...values].slice(0, 50) })),
  }
}

/** The place that an address names; whether the person may see it is checked by the search. */
export const readPagePlace = async (
  kind: 'everything' | 'project' | 'task',
  params: Record<string, string>,
): Promise<PagePlace> => {
  if (kind === 'everything') return { place: {}, path: '/find', name: t('Find'), crumbs: [], labels: [], attributes: [] }
  const id = readId(params)
  if (kind === 'project') {
    const { name } = await findProject(id)
    const place = { projectId: id }
    const crumbs = [
      { name: t('Projects'), href: '/projects' },
      { name, href: `/projects/${id}` },
    ]
    return { place, path: `/projects/${id}/find`, name: t('Find in {name}', { name }), crumbs, ...(await namesOf(place)) }
  }
  const { task } = await findTask(id)
  const place = { taskId: id }
  const crumbs = [
    { name: t('Tasks'), href: '/tasks' },
    { name: task.name, href: `/tasks/${id}` },
  ]
  return { place, path: `/tasks/${id}/find`, name: t('Find in {name}', { name: task.name }), crumbs, ...(await namesOf(place)) }
}

/** Everything is what the chosen organization has; a project or task is looked at wherever it is. */
export const askOf = ({ who, context }: Visit, { place, path }: PagePlace, text: string): Asked => ({
  who,
  context: path === '/find' ? context : { kind: 'any' },
  place,
  text,
})
