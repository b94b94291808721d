// E57 files written by libE57Format: floats and packed numbers, poses, invalid rows, damage.
import { describe, expect, test } from 'bun:test'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { readE57 } from './read-e57'
import { readCloud } from './stream/read-cloud'

const fixture = (name: string) => join(import.meta.dir, '../../../../tests/fixtures/clouds', `${name}.e57`)

const readRows = async (path: string) => {
  const cloud = await readE57(path)
  const rows: number[][] = []
  for await (const block of cloud.blocks)
    for (let at = 0; at < block.length; at += cloud.fields.length) rows.push([...block.subarray(at, at + cloud.fields.length)])
  return { ...cloud, rows }
}

describe('E57', () => {
  test('scans come one after another, each moved by its pose', async () => {
    const { fields, count, rows } = await readRows(fixture('two'))
    expect([fields, count, rows.length]).toEqual([['x', 'y', 'z', 'intensity', 'rgb'], 250, 250])
    const [x, y, z, intensity] = rows[1]!
    // As pye57 gives them.
    expect([x, y, z, intensity].map((value) => value!.toFixed(4))).toEqual(['104.4913', '201.1747', '5.8852', '0.0351'])
    const bits = new DataView(Float32Array.of(rows[1]![4]!).buffer).getUint32(0, true)
    expect((bits >> 16) & 255).toBe(2)
    // The same points again, without a pose.
    expect(Math.hypot(rows[201]![0]! ** 2 + rows[201]![1]! ** 2)).toBeCloseTo((x! - 100) ** 2 + (y! - 200) ** 2, 3)
  })

  test('numbers of any width go on from packet to packet; invalid rows keep their place', async () => {
    const { fields, origin, rows } = await readRows(fixture('scaled'))
    expect([fields, origin]).toEqual([
      ['x', 'y', 'z', 'intensity', 'rgb', 'return'],
      [502_700, 0, 0],
    ])
    const places = [0, 1234, 11_999].map((row) => rows[row]!.slice(0, 4).map((value) => Number(value.toFixed(2))))
    expect(places).toEqual([
      [0.6, -144.99, 0.38, 4037],
      [-267.02, 100.81, -0.49, 3504],
      [-1113.62, 96.59, 1.68, 881],
    ])
    expect([5, 17].map((row) => rows[row]!.slice(0, 3).every(Number.isNaN))).toEqual([true, true])
    expect(rows.reduce((sum, row) => sum + row[3]!, 0)).toBe(24_718_746)
    expect(rows.reduce((sum, row) => sum + row[5]! - 1, 0)).toBe(41_884)
    const cloud = await readCloud(fixture('scaled'))
    let seen = 0
    for await (const { count } of cloud) seen += count
    expect([cloud.declared, seen, cloud.dropped]).toEqual([12_000, 11_998, 2])
  })

  test('ranges and angles become places', async () => {
    const { rows } = await readRows(fixture('spherical'))
    rows.forEach(([x, y, z], i) => {
      const [range, azimuth, elevation] = [5 + i * 0.5, i * 0.1 - 2, i * 0.02 - 0.4]
      expect(x).toBeCloseTo(range * Math.cos(elevation) * Math.cos(azimuth), 4)
      expect(y).toBeCloseTo(range * Math.cos(elevation) * Math.sin(azimuth), 4)
      expect(z).toBeCloseTo(range * Math.sin(elevation), 4)
    })
    expect(rows).toHaveLength(40)
  })

  test('what is cut off, changed or something else is refused by name', async () => {
    const whole = await Bun.file(fixture('two')).bytes()
    const refusal = async (bytes: Uint8Array) => {
      const path = join(tmpdir(), `e57-${crypto.randomUUID()}.e57`)
      await Bun.write(path, bytes)
      try {
        for await (const _ of await readCloud(path, { name: 'a.e57' }));
        return ''
      } catch (error) {
        return (error as Error).message
      } finally {
        await Bun.file(path).delete()
      }
    }
    expect(await refusal(whole)).toBe('')
    expect(await refusal(whole.subarray(0, 5000))).toBe('a.e57: the file is cut off')
    expect(await refusal(whole.with(2000, whole[2000]! ^ 1))).toBe('a.e57: the file is damaged')
    expect(await refusal(whole.with(0, 66))).toBe('a.e57: not an E57 file')
  })
})
