// The seam to worker threads: the server does not know them, main.ts puts them in.
import { type MediaJob, type OnPart, runMediaJob } from './jobs'

/** Does one piece of media work, here or elsewhere. */
export type Offload = (job: MediaJob, onPart: OnPart) => Promise<void>

let current: Offload = runMediaJob

/** From now on heavy media work is given to `offload`; undefined does it in the calling thread again. */
export const setOffload = (offload: Offload | undefined) => {
  current = offload ?? runMediaJob
}

export const offload: Offload = (job, onPart) => current(job, onPart)
