// Which tiles a view needs, and that no more are kept or loaded than allowed.
import { expect, test } from 'bun:test'
import { chooseLevel, listTiles, type Tile, type TileInfo, TileSet } from './tile-set'

const info: TileInfo = {
  width: 4000,
  height: 2000,
  tile_size: 500,
  levels: [0, 1, 2, 3].map((level) => {
    const [width, height] = [4000 / 2 ** level, 2000 / 2 ** level]
    return { width, height, columns: Math.ceil(width / 500), rows: Math.ceil(height / 500) }
  }),
}
const area = { width: 1000, height: 500 }
const whole = { scale: 0.25, left: 0, top: 0 }
const near = { scale: 1, left: -1600, top: -700 }

test('the level fits the pixels of the screen', () => {
  expect([2, 1, 0.7, 0.5, 0.26, 0.25, 0.1, 0.001].map((scale) => chooseLevel(info, scale))).toEqual([0, 0, 0, 1, 1, 2, 3, 3])
})

test('only tiles inside the area, nearest to its middle first', () => {
  expect(listTiles(info, 2, whole, area)).toEqual([
    { level: 2, column: 0, row: 0 },
    { level: 2, column: 1, row: 0 },
  ])
  const tiles = listTiles(info, 0, near, area)
  expect(tiles).toHaveLength(6)
  expect(tiles[0]).toEqual({ level: 0, column: 4, row: 1 })
  expect(listTiles(info, 0, { scale: 1, left: 2000, top: 0 }, area)).toEqual([])
})

const openSet = (limitTiles = 100) => {
  const asked: string[] = []
  const closed: string[] = []
  let open = 0
  let most = 0
  const set = new TileSet<{ name: string; width: number; height: number; close: () => void }>(info, {
    limitBytes: limitTiles * 500 * 500 * 4,
    load: async ({ level, column, row }: Tile, signal) => {
      const name = `${level} ${column} ${row}`
      asked.push(name)
      open += 1
      most = Math.max(most, open)
      await Promise.resolve()
      open -= 1
      signal.throwIfAborted()
      if (name === '0 3 1') throw new Error('damaged')
      return { name, width: 500, height: 500, close: () => void closed.push(name) }
    },
  })
  const settle = () => Bun.sleep(1)
  return { set, asked, closed, settle, most: () => most }
}

test('missing tiles are loaded once, coarse ones shown below them meanwhile', async () => {
  const { set, asked, settle } = openSet()
  let told = 0
  set.onReady = () => void told++
  expect(set.show(whole, area, 1)).toEqual([])
  await settle()
  expect(told).toBe(2)
  expect(set.show(near, area, 1).map(({ piece }) => piece.name)).toEqual(['2 1 0', '2 0 0'])
  await settle()
  const names = set.show(near, area, 1).map(({ piece }) => piece.name)
  expect(names.slice(0, 2)).toEqual(['2 1 0', '2 0 0'])
  expect(names).toHaveLength(2 + 5)
  await settle()
  // The damaged one was asked for once; what covers it is the coarse one.
  expect(asked.filter((name) => name === '0 3 1')).toHaveLength(1)
  expect(new Set(asked).size).toBe(asked.length)
})

test('old tiles go when the bytes are used up, and all with the set', async () => {
  const { set, closed, settle, most } = openSet(3)
  set.show(near, area, 1)
  await settle()
  expect(closed.length).toBe(2)
  expect(most()).toBeLessThanOrEqual(6)
  set.close()
  expect(closed.length).toBe(5)
})

test('tiles of a view that was left are not loaded any more', async () => {
  const { set, asked, settle } = openSet()
  set.show({ scale: 1, left: 0, top: 0 }, { width: 4000, height: 2000 }, 1)
  set.show(whole, area, 1)
  await settle()
  expect(asked).toHaveLength(8)
})
