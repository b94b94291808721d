// Tasks to be judged: pictures with two known objects on each, a ground truth, jobs with mistakes that a test chooses.
import sharp from 'sharp'
import type { Client } from '../../scripts/client.ts'

export const carBox = [80, 90, 240, 190]
export const personBox = [360, 70, 430, 250]

const svg = (at: number) => `<svg xmlns="http://www.w3.org/2000/svg" width="560" height="320">
<rect width="560" height="320" fill="hsl(${(at * 37) % 360} 18% ${70 + (at % 3) * 6}%)"/>
<rect x="80" y="90" width="160" height="100" rx="14" fill="#b3402a"/><circle cx="118" cy="186" r="18" fill="#222"/><circle cx="204" cy="186" r="18" fill="#222"/>
<circle cx="395" cy="95" r="25" fill="#e8c39e"/><rect x="365" y="118" width="60" height="132" rx="18" fill="#2a5db3"/>
<text x="12" y="308" font-size="18" fill="#0008">${at + 1}</text></svg>`

/** `street-00.png` … */
const paint = (count: number) =>
  Promise.all(
    Array.from({ length: count }, async (_, at): Promise<[string, Blob]> => {
      const png = await sharp(Buffer.from(svg(at)))
        .png()
        .toBuffer()
      return [`street-${String(at).padStart(2, '0')}.png`, new Blob([new Uint8Array(png)], { type: 'image/png' })]
    }),
  )

export type Label = { id: number; name: string; attributes: { id: number; name: string }[] }
export type Job = { id: number; type: string; start_frame: number; stop_frame: number; parent_job_id: number | null }
export type QualityTask = { id: number; jobs: Job[]; truth: Job | null; car: Label; person: Label }

export const labels = [
  {
    name: 'car',
    color: '#d94f30',
    attributes: [{ name: 'parked', mutable: false, input_type: 'checkbox', default_value: 'false', values: ['false'] }],
  },
  { name: 'person', color: '#3070d9', attributes: [] },
]

export const shapeOf = (frame: number, label: Label, points: number[]) => ({
  type: 'rectangle',
  frame,
  label_id: label.id,
  points,
  group: 0,
  source: 'manual',
  occluded: false,
  outside: false,
  z_order: 0,
  rotation: 0,
  attributes: label.attributes.map(({ id }) => ({ spec_id: id, value: 'false' })),
})

type Options = { name: string; pictures: number; segment: number; data?: object; task?: object }

/** A task with its media; `data` adds to how they are cut, `task` to the task. */
export const createTask = async (client: Client, { name, pictures, segment, data, task }: Options): Promise<QualityTask> => {
  const own = task && 'project_id' in task ? {} : { labels }
  const { id } = await client.send('POST', '/api/tasks', { name, segment_size: segment, ...own, ...task })
  const path = `/api/tasks/${id}/data`
  const post = async (header: string, body?: object) => {
    const isForm = body instanceof FormData
    const response = await client.raw(path, {
      method: 'POST',
      headers: { [header]: 'true', ...(!isForm && { 'content-type': 'application/json' }) },
      ...(body && { body: isForm ? body : JSON.stringify(body) }),
    })
    if (!response.ok) throw new Error(`${header} answered ${response.status}: ${await response.text()}`)
    return response
  }
  await post('Upload-Start')
  const form = new FormData()
  for (const [i, [file, content]] of (await paint(pictures)).entries()) form.set(`client_files[${i}]`, content, file)
  await post('Upload-Multiple', form)
  const finished = await post('Upload-Finish', { image_quality: 90, ...data })
  await client.finish(((await finished.json()) as { rq_id: string }).rq_id)
  return loadTask(client, id)
}

/** Jobs and labels of a task as they are now. */
export const loadTask = async (client: Client, id: number): Promise<QualityTask> => {
  const { results: jobs } = await client.get<{ results: Job[] }>(`/api/jobs?task_id=${id}&page_size=500&sort=id`)
  const { results: own } = await client.get<{ results: Label[] }>(`/api/labels?task_id=${id}&page_size=100`)
  const find = (name: string) => own.find((label) => label.name === name)!
  return {
    id,
    jobs: jobs.filter(({ type }) => type !== 'ground_truth'),
    truth: jobs.find(({ type }) => type === 'ground_truth') ?? null,
    car: find('car'),
    person: find('person'),
  }
}

/** Both objects where they are, on each frame. */
export const rightShapes = ({ car, person }: QualityTask, frames: readonly number[]) =>
  frames.flatMap((frame) => [shapeOf(frame, car, carBox), shapeOf(frame, person, personBox)])

export const annotate = (client: Client, jobId: number, shapes: object[]) =>
  client.send('PUT', `/api/jobs/${jobId}/annotations`, { version: 0, tags: [], tracks: [], shapes })

/** Annotates the ground truth rightly, accepts and completes it. */
export const finishTruth = async (client: Client, task: QualityTask): Promise<void> => {
  const { validation_frames: frames } = await client.get(`/api/tasks/${task.id}/validation_layout`)
  await annotate(client, task.truth!.id, rightShapes(task, frames))
  await client.send('PATCH', `/api/jobs/${task.truth!.id}`, { stage: 'acceptance' })
  await client.send('PATCH', `/api/jobs/${task.truth!.id}`, { state: 'completed' })
}

export const honeypotOptions = (pool: number, perJob: number) => ({
  sorting_method: 'random',
  validation_params: {
    mode: 'gt_pool',
    frame_selection_method: 'random_uniform',
    frame_count: pool,
    frames_per_job_count: perJob,
    random_seed: 7,
  },
})

/** Frames of a job that are honeypots, and what of the pool they show. */
export const honeypotsOf = async (client: Client, jobId: number): Promise<{ frame: number; realFrame: number }[]> => {
  const layout = await client.get(`/api/jobs/${jobId}/validation_layout`)
  return layout.honeypot_frames.map((frame: number, at: number) => ({ frame, realFrame: layout.honeypot_real_frames[at] }))
}

export const framesOf = ({ start_frame, stop_frame }: Job) =>
  Array.from({ length: stop_frame - start_frame + 1 }, (_, at) => start_frame + at)

/** Makes a report and answers its id. */
export const makeReport = async (client: Client, body: { task_id?: number; project_id?: number }): Promise<number> => {
  const { rq_id } = await client.send('POST', '/api/quality/reports', body)
  return (await client.finish(rq_id)).result_id
}
