// PNG pictures of masks: what is written reads back, filters and depths of other writers are understood, damage is refused.

import { describe, expect, test } from 'bun:test'
import { deflateSync } from 'node:zlib'
import { getVocColour } from './colours'
import { FormatError } from './format-error'
import { decodePng, encodePng, listColours, listMarkedPixels, listNumbers, type Picture } from './png-mask'

const expected = { file: 'a.png', width: 3, height: 2 }

describe('round trip', () => {
  const pictures: Picture[] = [
    { width: 3, height: 2, channels: 1, values: Uint8Array.of(0, 1, 2, 3, 4, 255) },
    { width: 3, height: 2, channels: 1, values: Uint16Array.of(0, 1, 256, 13003, 4, 65535) },
    { width: 3, height: 2, channels: 3, values: Uint8Array.from({ length: 18 }, (_, at) => at * 14) },
    { width: 3, height: 2, channels: 4, values: Uint8Array.from({ length: 24 }, (_, at) => 255 - at) },
    {
      width: 3,
      height: 2,
      channels: 1,
      values: Uint8Array.of(0, 1, 2, 2, 1, 0),
      palette: Uint8Array.of(0, 0, 0, 128, 0, 0, 0, 128, 0),
    },
  ]
  test.each(pictures)('of %j', (picture) => {
    expect(decodePng(encodePng(picture), expected)).toEqual(picture)
  })

  test('colours, numbers and marks', () => {
    const [grey, , rgb, , indexed] = pictures as [Picture, Picture, Picture, Picture, Picture]
    expect([...listColours(indexed)]).toEqual([0, 0x800000, 0x008000, 0x008000, 0x800000, 0])
    expect(listColours(rgb)[1]).toBe(0x2a3846)
    expect([...listNumbers(grey, '')]).toEqual([0, 1, 2, 3, 4, 255])
    expect(() => listNumbers(rgb, 'x.png')).toThrow('x.png: The picture must be grey')
    expect([...listMarkedPixels(grey)]).toEqual([0, 1, 1, 1, 1, 1])
  })
})

describe('pictures of others', () => {
  /** A grey picture of given header fields around raw rows. */
  function forge(depth: number, interlace: number, raw: number[]): Uint8Array {
    const whole = encodePng({ width: 3, height: 2, channels: 1, values: new Uint8Array(6) })
    const buffer = Buffer.from(whole)
    buffer[24] = depth
    buffer[28] = interlace
    const packed = deflateSync(Uint8Array.from(raw))
    const chunk = Buffer.concat([Buffer.alloc(4), Buffer.from('IDAT'), packed, Buffer.alloc(4)])
    chunk.writeUInt32BE(packed.length, 0)
    chunk.writeUInt32BE(Bun.hash.crc32(chunk.subarray(4, -4)), chunk.length - 4)
    buffer.writeUInt32BE(Bun.hash.crc32(buffer.subarray(12, 29)), 29)
    return Buffer.concat([buffer.subarray(0, 33), chunk, buffer.subarray(-12)])
  }

  const rows: [string, number, number, number[]][] = [
    ['filters left and up', 8, 0, [1, 10, 1, 1, 2, 1, 1, 1]],
    ['filters mean and predictor', 8, 0, [3, 10, 6, 7, 4, 1, 1, 1]],
    ['interlaced rows', 8, 1, [0, 10, 0, 12, 0, 11, 0, 11, 12, 13]],
  ]
  test.each(rows)('%s', (_, depth, interlace, raw) => {
    expect([...decodePng(forge(depth, interlace, raw), expected).values]).toEqual([10, 11, 12, 11, 12, 13])
  })

  test('two bits a pixel', () => {
    expect([...decodePng(forge(2, 0, [0, 0b00011000, 0, 0b11100100]), expected).values]).toEqual([0, 1, 2, 3, 2, 1])
  })

  test('damage, wrong sizes and bombs are refused', () => {
    const whole = encodePng({ width: 3, height: 2, channels: 1, values: new Uint8Array(6) })
    const damaged = Buffer.from(whole)
    damaged[45]! ^= 1
    const faults: [Uint8Array, string][] = [
      [Buffer.from('GIF89a'), 'not a PNG'],
      [whole.subarray(0, 25), 'incomplete'],
      [whole.subarray(0, 50), 'incomplete'],
      [damaged, 'damaged'],
      [forge(8, 0, [0, 1, 2, 3]), 'damaged'],
      [forge(8, 0, Array(5000).fill(0)), 'damaged'],
      [forge(7, 0, [0, 1, 2, 3, 0, 1, 2, 3]), 'damaged'],
      [forge(8, 0, [9, 1, 2, 3, 0, 1, 2, 3]), 'damaged'],
    ]
    for (const [bytes, reason] of faults) {
      expect(() => decodePng(bytes, expected)).toThrow(FormatError)
      expect(() => decodePng(bytes, expected)).toThrow(reason)
    }
    expect(() => decodePng(whole, { ...expected, width: 4 })).toThrow('a.png: The picture has 3x2 pixels, its frame 4x2')
  })
})

test('the palette of VOC', () => {
  const colours = [0, 1, 2, 3, 4, 5, 6, 7, 8, 9].map((index) => getVocColour(index).toString(16).padStart(6, '0'))
  expect(colours.join(' ')).toBe('000000 800000 008000 808000 000080 800080 008080 808080 400000 c00000')
})
