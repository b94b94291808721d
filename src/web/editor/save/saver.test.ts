// Saving against a server that answers, stays silent, refuses or moved on.
import { expect, test } from 'bun:test'
import type { Annotations } from '../../../formats/model'
import { type Document, openDocument } from '../document/document'
import { makeAnnotations, makeShape } from '../document/sample'
import { ApiError, type SaveAnswer, type SaveBody } from './api'
import { retryDelay, Saver, type SaveState } from './saver'

type Reply = (body: SaveBody) => SaveAnswer | Promise<SaveAnswer>

const answer = (revision: number, create: Partial<Annotations> = {}): SaveAnswer => ({
  revision,
  create: makeAnnotations(create),
  update: makeAnnotations(),
})

const throwIt =
  (reason: ApiError['reason'], status: number): Reply =>
  () => {
    throw new ApiError(reason, `status ${status}`, status)
  }

const start = (replies: Reply[], document: Document = openDocument(makeAnnotations({ shapes: [makeShape({ id: 5 })] }))) => {
  const sent: { body: SaveBody; text: string; revision: number }[] = []
  const timers: { run: () => void; delayMs: number }[] = []
  const states: SaveState['at'][] = []
  const saver = new Saver(
    {
      document,
      api: {
        save: async (text, revision) => {
          const body = JSON.parse(text) as SaveBody
          sent.push({ body, text, revision })
          return replies.shift()!(body)
        },
        getAnnotations: async () => ({
          annotations: makeAnnotations({ shapes: [makeShape({ id: 5, z_order: 9 })] }),
          revision: 8,
        }),
      },
      onChange: (state) => states.push(state.at),
      now: () => 0,
      schedule: (run, delayMs) => {
        const timer = { run, delayMs }
        timers.push(timer)
        return () => timers.splice(timers.indexOf(timer), 1)
      },
    },
    3,
  )
  const draw = (clientId = document.takeClientId()) => {
    const after = {
      kind: 'shape' as const,
      data: makeShape(),
      clientId,
      locked: false,
      hidden: false,
      pinned: false,
      color: null,
    }
    document.apply([{ clientId, before: null, after }])
    saver.noteEdit()
    return clientId
  }
  return { document, saver, sent, timers, states, draw }
}

test('sends what is pending on its revision, takes over ids and the new revision', async () => {
  const { document, saver, sent, states, draw } = start([() => answer(4, { shapes: [makeShape({ id: 71 })] })])
  const clientId = draw()
  await saver.save()
  expect(sent).toHaveLength(1)
  expect(sent[0]).toMatchObject({
    revision: 3,
    body: { create: { shapes: [{ points: [10, 10, 50, 40] }] }, update: { shapes: [] }, delete: { shapes: [] } },
  })
  expect(document.serverId(clientId)).toBe(71)
  expect(saver.revision).toBe(4)
  expect(states).toEqual(['unsaved', 'saving', 'saving', 'saved'])
})

test('an edit made while saving follows in a second save', async () => {
  const made = { draw: () => 0 }
  const { document, saver, sent, draw } = start([
    () => {
      made.draw()
      return answer(4, { shapes: [makeShape({ id: 71 })] })
    },
    () => answer(5, { shapes: [makeShape({ id: 72 })] }),
  ])
  made.draw = draw
  draw()
  await saver.save()
  expect(sent.map((one) => [one.revision, one.body.create.shapes.length])).toEqual([
    [3, 1],
    [4, 1],
  ])
  expect(document.pendingCount).toBe(0)
})

test('what is deleted while its creation is on the way is deleted there too', async () => {
  const made = { remove: () => {} }
  const { document, saver, sent, draw } = start([
    () => {
      made.remove()
      return answer(4, { shapes: [makeShape({ id: 71 })] })
    },
    () => answer(5),
  ])
  const clientId = draw()
  made.remove = () => document.apply([{ clientId, before: document.get(clientId), after: null }])
  await saver.save()
  expect(sent[1]?.body.delete.shapes).toMatchObject([{ id: 71 }])
  expect(document.pendingCount).toBe(0)
})

test('an unreachable server keeps the edits; the repeat is the very same request', async () => {
  const { document, saver, sent, timers, states, draw } = start([
    throwIt('unreachable', 0),
    throwIt('unreachable', 503),
    () => answer(4, { shapes: [makeShape({ id: 71 })] }),
    () => answer(5, { shapes: [makeShape({ id: 72 })] }),
  ])
  draw()
  await saver.save()
  expect(saver.state).toMatchObject({ at: 'offline', attempt: 1, retryAt: 1000 })
  draw()
  timers.shift()!.run()
  await saver.save()
  expect(saver.state).toMatchObject({ at: 'offline', attempt: 2, retryAt: 2000 })
  await saver.save()
  expect(sent[1]?.text).toBe(sent[0]!.text)
  expect(sent[2]?.text).toBe(sent[0]!.text)
  expect(sent[3]?.body.save_id).not.toBe(sent[0]!.body.save_id)
  expect(document.pendingCount).toBe(0)
  expect(states.at(-1)).toBe('saved')
})

test('delays grow up to half a minute', () => {
  expect([1, 2, 3, 6, 20].map(retryDelay)).toEqual([1000, 2000, 4000, 30_000, 30_000])
})

test('a stale revision stops saving until somebody decides', async () => {
  const { document, saver, sent, draw } = start([throwIt('stale', 412), () => answer(9, { shapes: [makeShape({ id: 71 })] })])
  draw()
  await saver.save()
  expect(saver.state).toMatchObject({ at: 'conflict', revision: 8 })
  draw()
  await saver.save()
  expect(sent).toHaveLength(1)
  saver.rebase(8)
  expect(saver.state.at).toBe('unsaved')
  await saver.save()
  expect(sent[1]).toMatchObject({ revision: 8, body: { create: { shapes: [{}, {}] } } })
  expect(document.pendingCount).toBe(1)
}, 1000)

test('a refused save says why, keeps the edits, and tries anew only when asked', async () => {
  const { document, saver, timers, draw } = start([throwIt('refused', 400)])
  draw()
  await saver.save()
  expect(saver.state).toEqual({ at: 'refused', reason: 'status 400' })
  expect(document.pendingCount).toBe(1)
  expect(timers).toHaveLength(0)
})

test('leaving the page sends what is small, once, under the id that a later repeat uses', () => {
  const { saver, sent, draw } = start([() => answer(4), () => answer(4)])
  draw()
  const shipment = saver.flushOnLeave()
  expect(shipment?.text).toBe(sent[0]!.text)
  expect(saver.flushOnLeave()?.saveId).toBe(shipment!.saveId)
  const large = start([])
  large.draw()
  expect(large.saver.flushOnLeave(10)).toBeNull()
})
