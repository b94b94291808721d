// Kills a server while people save annotations, starts it again and looks: what was acknowledged is there, and nothing is there in part.
import { type Client, signIn, uploadMedia } from '../../scripts/client'
import { adminPassword, type Server, startServer } from '../server'

/** What a job should hold: the version of each shape by its mark, and the ids that were told. */
type Expected = Map<number, { version: number; id: number | undefined }>
type Change = { create: number[]; update: Map<number, number>; remove: number[] }
type Writer = {
  job: number
  label: number
  /** After every acknowledged save: what the job holds, by revision. */
  acknowledged: Expected[]
  /** Sent, but not answered when the server died. */
  underway: Change | undefined
}

export type Outcome = {
  rounds: number
  /** Saves that were acknowledged, and shapes in them. */
  saves: number
  shapes: number
  /** Saves whose answer was lost: stored all the same, or not. Never in part. */
  lostAnswers: { stored: number; dropped: number }
  /** What went wrong; empty when nothing did. */
  faults: string[]
}

const shapesPerSave = 10
/** New jobs after so many rounds, so that looking at them stays quick. */
const roundsPerJob = 20
let marks = 0

const describe = (expected: Expected) =>
  [...expected]
    .map(([mark, { version }]) => `${mark}:${version}`)
    .sort()
    .join(' ')

const applyChange = (expected: Expected, { create, update, remove }: Change, ids: number[] = []): Expected => {
  const next: Expected = new Map(expected)
  for (const mark of remove) next.delete(mark)
  for (const [mark, version] of update) next.set(mark, { version, id: expected.get(mark)!.id })
  for (const [at, mark] of create.entries()) next.set(mark, { version: 0, id: ids[at] })
  return next
}

/** New shapes, and every few saves some of the old ones changed or removed. */
const planChange = (expected: Expected): Change => {
  const known = [...expected].filter(([, { id }]) => id !== undefined)
  const some = known.filter(() => Math.random() < 0.1)
  return {
    create: Array.from({ length: shapesPerSave }, () => ++marks),
    update: new Map(some.slice(0, 5).map(([mark, { version }]) => [mark, version + 1])),
    remove: some.slice(5, 15).map(([mark]) => mark),
  }
}

const writeBody = ({ label }: Writer, expected: Expected, { create, update, remove }: Change) => {
  const shape = (mark: number, version: number) => {
    const id = expected.get(mark)?.id
    return { ...(id && { id }), type: 'rectangle', label_id: label, frame: 0, points: [mark, version, mark + 1, version + 1] }
  }
  return {
    save_id: crypto.randomUUID(),
    create: { shapes: create.map((mark) => shape(mark, 0)) },
    update: { shapes: [...update].map(([mark, version]) => shape(mark, version)) },
    delete: { shapes: remove.map((mark) => ({ id: expected.get(mark)!.id })) },
  }
}

/** Saves again and again until the server is gone; whatever was answered is in `acknowledged`. */
const write = async (client: Client, writer: Writer, onSaved: () => void) => {
  for (;;) {
    const expected = writer.acknowledged.at(-1)!
    const change = planChange(expected)
    writer.underway = change
    const path = `/api/jobs/${writer.job}/annotations?action=save`
    const { create } = await client.send('PATCH', path, writeBody(writer, expected, change))
    const ids = (create.shapes as { id: number }[]).map(({ id }) => id)
    writer.acknowledged.push(applyChange(expected, change, ids))
    writer.underway = undefined
    onSaved()
  }
}

type Stored = { id: number; points: number[] }
const read = async (client: Client, path: string): Promise<Expected> => {
  const { shapes } = await client.get(path)
  return new Map((shapes as Stored[]).map(({ id, points }) => [points[0]!, { version: points[1]!, id }]))
}

/** Compares a job with what its writer knows, and its log with its revision. */
const inspect = async (client: Client, writer: Writer, { faults, lostAnswers }: Outcome) => {
  const fail = (text: string) => faults.push(`job ${writer.job}: ${text}`)
  const path = `/api/jobs/${writer.job}`
  const stored = await read(client, `${path}/annotations`)
  const expected = writer.acknowledged.at(-1)!
  const isAsAnswered = describe(stored) === describe(expected)
  const { underway } = writer
  const isAsSent = underway !== undefined && describe(stored) === describe(applyChange(expected, underway))
  if (!isAsAnswered && !isAsSent) {
    const missing = [...expected.keys()].filter((mark) => !stored.has(mark) && !underway?.remove.includes(mark))
    fail(`holds ${stored.size} shapes, ${expected.size} were acknowledged; missing ${missing.slice(0, 10).join() || 'none'}`)
  }
  if (underway) lostAnswers[isAsSent ? 'stored' : 'dropped']++
  writer.underway = undefined
  if (isAsSent) writer.acknowledged.push(stored)
  // One save, one revision, one line of the log, with what was there before still to be had.
  const revision = writer.acknowledged.length - 1
  const log = await client.get(`${path}/revisions?page_size=1`)
  if (log.count !== revision || (revision > 0 && log.results[0].revision !== revision))
    fail(`the log has ${log.count} lines at revision ${revision}`)
  const earlier = Math.floor(Math.random() * (revision + 1))
  const then = await read(client, `${path}/revisions/${earlier}`)
  if (describe(then) !== describe(writer.acknowledged[earlier]!)) fail(`revision ${earlier} is not what it was`)
}

const picture = Bun.file(`${import.meta.dir}/../../public/demo/coffee.jpg`)
const createWriter = async (client: Client): Promise<Writer> => {
  const { id } = await client.send('POST', '/api/tasks', { name: 'kill loop', labels: [{ name: 'thing' }] })
  await uploadMedia(client, id, [['0.jpg', new Blob([await picture.bytes()])]])
  const [job] = (await client.get(`/api/jobs?task_id=${id}`)).results
  const [label] = (await client.get(`/api/labels?task_id=${id}`)).results
  return { job: job.id, label: label.id, acknowledged: [new Map()], underway: undefined }
}

export type Options = { rounds: number; writers?: number; onRound?: (outcome: Outcome) => void; server?: Server }

/**
 * In each round `writers` people save at once; after a random count of acknowledgements and a random while the server gets
 * SIGKILL, is started again and looked at.
 */
export const runKillLoop = async ({ rounds, writers = 3, onRound, server: given }: Options): Promise<Outcome> => {
  const server = given ?? (await startServer())
  const outcome: Outcome = { rounds: 0, saves: 0, shapes: 0, lostAnswers: { stored: 0, dropped: 0 }, faults: [] }
  try {
    const client = await signIn(server.url, 'admin', adminPassword)
    let people: Writer[] = []
    for (; outcome.rounds < rounds; outcome.rounds++) {
      if (outcome.rounds % roundsPerJob === 0)
        people = await Promise.all(Array.from({ length: writers }, () => createWriter(client)))
      const wanted = 1 + Math.floor(Math.random() * 30)
      let saved = 0
      let begin = () => {}
      const isTime = new Promise<void>((resolve) => {
        begin = resolve
      })
      const work = people.map((writer) =>
        write(client, writer, () => {
          saved++
          if (saved >= wanted) begin()
        }),
      )
      const ended = Promise.allSettled(work)
      await Promise.race([isTime, ended])
      await Bun.sleep(Math.random() * 20)
      await server.kill()
      await ended
      await server.restart()
      outcome.saves += saved
      outcome.shapes += saved * shapesPerSave
      for (const writer of people) await inspect(client, writer, outcome)
      onRound?.(outcome)
    }
  } finally {
    if (!given) await server.remove()
  }
  return outcome
}
