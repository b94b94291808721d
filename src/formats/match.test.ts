// Frames and labels found by what a dataset calls them.

import { describe, expect, test } from 'bun:test'
import { createFrameLookup, createLabelLookup, dropExtension, listVideoFrames, resolveAttributes } from './match'
import { sampleLabels } from './testing/sample'

function lookUp(names: string[]) {
  return createFrameLookup({ frames: names.map((name, frame) => ({ frame, name, width: 10, height: 10 })) })
}

describe('frames', () => {
  test('by name, by id without extension, by any other extension', () => {
    const frames = lookUp(['a/b/1.png', 'x.y.jpg', '7.jpg'])
    expect(['a/b/1.png', 'a/b/1', 'a/b/1.JPG', 'a\\b\\1.png', './a/b/1'].map((name) => frames.find(name)?.frame)).toEqual([
      0, 0, 0, 0, 0,
    ])
    expect([frames.find('x.y')?.frame, frames.find('x.y.jpg')?.frame]).toEqual([1, 1])
    expect(frames.find('7')?.frame).toBe(2)
  })

  test('below the common folder that the longest path suggests', () => {
    const frames = lookUp(['s/t/a/1.png', 's/t/2.png', 'u/2.png'])
    expect(frames.find('2.png')).toBeUndefined()
    frames.learnRoot(['2.png', 'a/1.png'])
    expect(frames.find('2.png')?.frame).toBe(1)
    expect(frames.find('a/1')?.frame).toBe(0)
  })

  test('below any folder when only one frame fits', () => {
    expect(lookUp(['s/1.png', 's/2.png', 'u/2.png']).find('1.png')?.frame).toBe(0)
  })

  test('by the frame attribute or the number in the name', () => {
    const frames = lookUp(['a.png', 'b.png', 'c.png'])
    expect(frames.find('zzz', 2)?.frame).toBe(2)
    expect(frames.find('1')?.frame).toBe(1)
    expect(frames.find('3')).toBeUndefined()
  })

  test('by the number after frame_ in a video, which counts source frames', () => {
    const options = { startFrame: 10, step: 5 }
    const frames = createFrameLookup({ frames: listVideoFrames(4, { width: 1, height: 1 }, options), ...options })
    expect(frames.find('frame_000015.PNG')?.frame).toBe(1)
    expect(frames.find('images/frame_000020')?.frame).toBe(2)
    expect(frames.find('frame_20')?.frame).toBe(2)
    expect(frames.find('frame_000016')).toBeUndefined()
    expect(frames.fromSource(25)?.name).toBe('frame_000025')
  })

  test('an item without frame is named', () => {
    expect(() => lookUp(['a.png']).match('b')).toThrow("Could not match item id: 'b' with any task frame")
  })

  test('an extension is the last one of the file name', () => {
    expect(['a.b/c', 'a.tar.gz', '.hidden', 'a/.hidden', 'a'].map(dropExtension)).toEqual([
      'a.b/c',
      'a.tar',
      '.hidden',
      'a/.hidden',
      'a',
    ])
  })
})

describe('labels', () => {
  const labels = createLabelLookup(sampleLabels)
  const car = labels.get('car')

  test('by exact name', () => {
    expect(labels.getSublabel(labels.get('skel'), 'neck').id).toBe(12)
    expect(() => labels.get('Car')).toThrow("Label 'Car' is not registered for this task")
    expect(() => labels.get('neck')).toThrow("Label 'neck'")
    expect(() => labels.getSublabel(car, 'neck')).toThrow("Label 'neck'")
  })

  test('attributes take defaults, unknown ones are ignored, checkboxes are checked', () => {
    const values = new Map([
      ['color', 'green'],
      ['parked', 'TRUE'],
      ['unknown', 'x'],
    ])
    expect(resolveAttributes(car, values)).toEqual([
      { spec_id: 1, value: 'green' },
      { spec_id: 2, value: '10' },
      { spec_id: 3, value: 'true' },
      { spec_id: 4, value: '' },
    ])
    expect(() => resolveAttributes(car, new Map([['parked', 'yes']]))).toThrow("'parked' must be true or false, not 'yes'")
  })
})
