// Works through the tasks of a list, a few at a time; what goes wrong with one is kept in its row and stops none of the others.
import { describeProblem } from './api'

export type TaskState = 'queued' | 'uploading' | 'creating' | 'done' | 'failed' | 'cancelled'
export type TaskRow<T> = {
  key: number
  name: string
  state: TaskState
  /** 0 to 1, while something is uploaded or created. */
  progress: number
  /** Why it failed. */
  reason: string
  /** The task's page, once there is one. */
  href: string
  work: T
}

/** Tasks that are worked on at the same time. */
const width = 2

/** Rows that wait. The rows themselves are changed, so that whoever draws them sees it. */
export const makeRows = <T>(entries: { name: string; work: T }[]): TaskRow<T>[] =>
  entries.map((entry, key) => ({ ...entry, key, state: 'queued', progress: 0, reason: '', href: '' }))

/**
 * Runs `create` for every queued row until none is left; answers when all have ended.
 * @param create makes one task, tells about it by changing its row, and answers its id
 */
export const workThrough = async <T>(rows: TaskRow<T>[], create: (row: TaskRow<T>) => Promise<number>): Promise<void> => {
  const workNext = async (): Promise<void> => {
    for (let row = rows.find(({ state }) => state === 'queued'); row; row = rows.find(({ state }) => state === 'queued')) {
      Object.assign(row, { state: 'uploading', progress: 0, reason: '' })
      try {
        const id = await create(row)
        Object.assign(row, { state: 'done', progress: 1, href: `/tasks/${id}` })
      } catch (problem) {
        Object.assign(row, { state: 'failed', reason: describeProblem(problem) })
      }
    }
  }
  await Promise.all(Array.from({ length: width }, workNext))
}

/** Moves all rows of one state into another. */
export const moveRows = <T>(rows: TaskRow<T>[], from: TaskState, to: TaskState) => {
  for (const row of rows) if (row.state === from) row.state = to
}

export const countRows = <T>(rows: TaskRow<T>[], ...states: TaskState[]) =>
  rows.filter(({ state }) => states.includes(state)).length
