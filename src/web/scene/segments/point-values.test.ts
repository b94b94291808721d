// Labels of points as the book keeps them: painted, counted, planned, merged with what others saved.
import { describe, expect, test } from 'bun:test'
import { type GroundShape, invertChange, type PointsChange, packValue } from '../../editor/document/cloud-change'
import { ApiError } from '../../editor/save/api'
import type { ChangeJournal } from './change-journal'
import type { FrameChanges, StoredFrame } from './cloud-api'
import { CloudBook } from './cloud-book'
import { PointValues } from './point-values'

const [car, road] = [packValue(70_001, 3), packValue(70_002, 0)]

describe('values of points', () => {
  test('filled, painted, taken back; the counts follow', () => {
    const values = new PointValues(20, [70_001, 70_002])
    values.fill([0, 10, road, 12, 40, car])
    expect([values.counts.get(road), values.counts.get(car), values.labelled]).toEqual([10, 8, 18])
    const plan = values.plan(0, [8, 9, 10, 11, 12, 99], car, () => true)
    expect(plan).toEqual([
      { kind: 'points', frame: 0, rows: [8, 10], before: road, after: car },
      { kind: 'points', frame: 0, rows: [10, 12], before: 0, after: car },
    ])
    for (const change of plan) values.apply(change)
    expect([values.counts.get(road), values.counts.get(car), values.valueOf(11)]).toEqual([8, 12, car])
    for (const change of plan) values.apply(invertChange(change) as PointsChange)
    expect([values.counts.get(road), values.counts.get(car), values.valueOf(11)]).toEqual([10, 8, 0])
    expect(values.plan(0, [0, 10], car, (value) => value === 0)).toEqual([
      { kind: 'points', frame: 0, rows: [10, 11], before: 0, after: car },
    ])
    expect([values.nextInstance(70_001), values.nextInstance(70_002)]).toEqual([4, 1])
  })
})

/** A server of one job in memory. */
const makeServer = () => {
  const server = {
    revision: 0,
    frames: new Map<number, StoredFrame>(),
    saves: [] as FrameChanges[][],
    load: async (frame: number): Promise<StoredFrame> => ({
      runs: server.frames.get(frame)?.runs ?? [],
      shapes: server.frames.get(frame)?.shapes ?? [],
      revision: server.revision,
    }),
    save: async (frames: FrameChanges[], revision: number) => {
      if (revision !== server.revision) throw new ApiError('stale', 'stale', 412)
      server.saves.push(frames)
      for (const { frame, paint, shapes, removed } of frames) {
        const there = server.frames.get(frame)
        const values = new PointValues(100, [70_001, 70_002])
        values.fill(there?.runs ?? [])
        for (const { rows, value } of paint) values.apply({ kind: 'points', frame, rows, before: 0, after: value })
        const runs: number[] = []
        for (let row = 0; row < 100; row++) if (values.valueOf(row)) runs.push(row, row + 1, values.valueOf(row))
        const named = new Map((there?.shapes ?? []).map((shape) => [shape.uid, shape]))
        for (const shape of shapes) named.set(shape.uid, shape)
        for (const uid of removed) named.delete(uid)
        server.frames.set(frame, { revision: 0, runs, shapes: [...named.values()] })
      }
      return ++server.revision
    },
    valueOf: (frame: number, row: number) => {
      const values = new PointValues(100, [70_001, 70_002])
      values.fill(server.frames.get(frame)?.runs ?? [])
      return values.valueOf(row)
    },
  }
  return server
}
const silent: ChangeJournal = { add: () => {}, mark: () => 0, forget: () => {}, open: async () => [] }
const makeBook = (server: ReturnType<typeof makeServer>, choice: 'mine' | 'theirs' = 'mine') => {
  const asked: unknown[] = []
  const failures: unknown[] = []
  const book = new CloudBook({
    api: server,
    journal: silent,
    askClash: async (clashes) => {
      asked.push(clashes)
      return choice
    },
    onFailure: (error) => failures.push(error),
    onWork: () => {},
    onPending: () => {},
  })
  return { book, asked, failures }
}
const paint = (from: number, to: number, before: number, after: number, frame = 0): PointsChange => {
  return { kind: 'points', frame, rows: [from, to], before, after }
}
const lane = (uid: string, x: number): GroundShape => {
  return { uid, frame: 0, type: 'polyline', labelId: 70_002, points: [0, 0, 0, x, 0, 0], attributes: [] }
}

describe('the book', () => {
  test('a step and the one that takes it back are nothing; what is saved is no longer pending', async () => {
    const server = makeServer()
    const { book } = makeBook(server)
    await book.open(0)
    const change = paint(0, 10, 0, car)
    book.apply([change])
    expect(book.pendingCount).toBe(1)
    book.apply([invertChange(change)])
    expect(book.pendingCount).toBe(0)
    book.apply([change, { kind: 'shape', frame: 0, uid: 'a', before: null, after: lane('a', 5) }])
    await book.save()
    expect([book.pendingCount, server.valueOf(0, 9), server.valueOf(0, 10)]).toEqual([0, car, 0])
    expect(server.frames.get(0)!.shapes).toEqual([lane('a', 5)])
    // Taken back after the save: that is a change again.
    book.apply([invertChange(change)])
    await book.save()
    expect(server.valueOf(0, 5)).toBe(0)
  })

  test('edits during a save stay pending and are sent next', async () => {
    const server = makeServer()
    const change = paint(0, 10, 0, car)
    const save = (...sent: Parameters<typeof server.save>) => {
      if (server.revision === 0) book.apply([invertChange(change)])
      return server.save(...sent)
    }
    const { book } = makeBook({ ...server, save } as typeof server)
    await book.open(0)
    book.apply([change])
    await book.save()
    expect([server.saves.length, server.valueOf(0, 5), book.pendingCount]).toEqual([2, 0, 0])
  })

  test('others saved other points: both stand, nobody is asked', async () => {
    const server = makeServer()
    const [mine, theirs] = [makeBook(server), makeBook(server)]
    await mine.book.open(0)
    await theirs.book.open(0)
    theirs.book.apply([paint(50, 60, 0, road), { kind: 'shape', frame: 0, uid: 'b', before: null, after: lane('b', 1) }])
    await theirs.book.save()
    mine.book.apply([paint(0, 10, 0, car)])
    await mine.book.save()
    expect([server.valueOf(0, 5), server.valueOf(0, 55), mine.asked]).toEqual([car, road, []])
    expect(mine.book.listShapes(0)).toEqual([lane('b', 1)])
    // The same on both sides is no clash.
    theirs.book.apply([paint(0, 10, 0, car)])
    await theirs.book.save()
    expect([theirs.asked, theirs.failures]).toEqual([[], []])
  })

  test.each(['mine', 'theirs'] as const)('the same points and shapes on both sides: asked, and %s stands', async (choice) => {
    const server = makeServer()
    const [mine, theirs] = [makeBook(server, choice), makeBook(server)]
    await mine.book.open(0)
    await theirs.book.open(0)
    theirs.book.apply([paint(5, 15, 0, road), { kind: 'shape', frame: 0, uid: 'c', before: null, after: lane('c', 1) }])
    await theirs.book.save()
    mine.book.apply([paint(0, 10, 0, car), { kind: 'shape', frame: 0, uid: 'c', before: null, after: lane('c', 2) }])
    await mine.book.save()
    expect(mine.asked).toEqual([{ points: 5, shapes: ['c'] }])
    expect([server.valueOf(0, 2), server.valueOf(0, 7), server.valueOf(0, 12)]).toEqual([
      car,
      choice === 'mine' ? car : road,
      road,
    ])
    expect(server.frames.get(0)!.shapes).toEqual([lane('c', choice === 'mine' ? 2 : 1)])
    expect(mine.book.pendingCount).toBe(0)
  })

  test('a frame of an older state is never saved over: other frames may have been loaded later', async () => {
    const server = makeServer()
    const [mine, theirs] = [makeBook(server), makeBook(server)]
    await mine.book.open(0)
    await theirs.book.open(0)
    theirs.book.apply([paint(0, 10, 0, road)])
    await theirs.book.save()
    await mine.book.open(1)
    mine.book.apply([paint(0, 10, 0, car, 0), paint(0, 10, 0, car, 1)])
    await mine.book.save()
    expect(mine.asked).toEqual([{ points: 10, shapes: [] }])
  })

  test('what others saved is shown where nothing is pending, also when nobody listened', async () => {
    const server = makeServer()
    const [mine, theirs] = [makeBook(server), makeBook(server)]
    for (const { book } of [mine, theirs]) for (const frame of [0, 1]) await book.open(frame)
    const told: number[] = []
    mine.book.subscribe(({ frame }) => told.push(frame))
    theirs.book.apply([paint(0, 10, 0, road, 0), paint(0, 10, 0, road, 1)])
    await theirs.book.save()
    const own = paint(50, 60, 0, car, 1)
    mine.book.apply([own])
    told.length = 0
    await mine.book.refresh(server.revision, [0, 1])
    expect([told, mine.book.frame(0).current, mine.book.frame(1).current]).toEqual([[0], [0, 10, road], [50, 60, car]])
    theirs.book.apply([paint(20, 30, 0, road, 0)])
    await theirs.book.save()
    await mine.book.reload()
    expect([told, mine.book.frame(0).current]).toEqual([
      [0, 0],
      [0, 10, road, 20, 30, road],
    ])
    await mine.book.save()
    expect([server.valueOf(1, 5), server.valueOf(1, 55), server.valueOf(0, 25)]).toEqual([road, car, road])
  })

  test('what the server refuses stays pending and is told', async () => {
    const server = makeServer()
    const { book, failures } = makeBook({
      ...server,
      save: async () => {
        throw new ApiError('refused', 'no', 400)
      },
    } as typeof server)
    await book.open(0)
    book.apply([paint(0, 10, 0, car)])
    await book.save()
    expect([book.pendingCount, failures.length]).toEqual([1, 1])
  })
})
