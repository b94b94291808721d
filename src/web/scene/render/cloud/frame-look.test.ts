// What a look means for a frame: offered colours, ends of the ramp far from the origin, what is left out; frames that are forgotten.
import { afterEach, describe, expect, test } from 'bun:test'
import { Material } from 'three'
import type { Hierarchy } from '../../../../server/media/clouds/tiles/tile-file'
import { colourModes, defaultLook } from '../../look/cloud-aids'
import { createShownTest, findRange, type LookedAt, listModes, toLookValues } from './frame-look'
import { FrameStore } from './frame-store'
import { createNodeMemory } from './node-memory'

const hierarchy = (...names: ('intensity' | 'colour' | 'classes')[]) =>
  ({
    attributes: names.map((name) => ({ name })),
    bounds: { min: [-5, -5, -2], max: [5, 5, 4] },
    intensity: [0, 255],
  }) as unknown as Hierarchy
const frame = (part: Partial<LookedAt> = {}): LookedAt => ({ hierarchy: hierarchy(), facts: null, origin: [0, 0, 0], ...part })
const facts: LookedAt['facts'] = {
  ground: { normal: [0, 0, 1], offset: 1.8, support: 9 },
  height: [-1.8, 3],
  distance: [2, 60],
  intensity: [5, 90],
}

describe('looks', () => {
  test('colours that the points have; another one gives that of height', () => {
    expect(listModes(frame())).toEqual(['height', 'distance', 'plain', 'label'])
    expect(new Set(listModes(frame({ hierarchy: hierarchy('intensity', 'colour', 'classes') })))).toEqual(new Set(colourModes))
    expect(toLookValues({ ...defaultLook, colour: 'stored' }, frame(), 1).colour).toBe('height')
  })

  test('the ramp: bounds, then what most points have, then what was typed; in the coordinates of the file', () => {
    const far = { origin: [500_000, 4_000_000, 300] as const }
    expect(findRange(defaultLook, frame())).toEqual([-2, 4])
    expect(findRange(defaultLook, frame({ facts, ...far }))).toEqual([298.2, 303])
    expect(toLookValues(defaultLook, frame({ facts, ...far }), 2)).toMatchObject({ range: [298.2 - 300, 3], size: 4 })
    const typed = { ...defaultLook, range: [300, 310] as const }
    expect([findRange(typed, frame(far)), toLookValues(typed, frame(far), 1).range]).toEqual([
      [300, 310],
      [0, 10],
    ])
    const byDistance = { ...defaultLook, colour: 'distance' as const }
    expect([
      findRange(byDistance, frame({ facts, ...far })),
      toLookValues(byDistance, frame({ facts, ...far }), 1).range,
    ]).toEqual([
      [2, 60],
      [2, 60],
    ])
    expect(findRange({ ...defaultLook, colour: 'plain' }, frame({ facts }))).toBeNull()
  })

  test('what is left out cannot be picked', () => {
    const origin = [100, 0, 0] as const
    const clip = { position: [101, 0, 0], rotation: [0, 0, 0], scale: [2, 2, 2] } as const
    const isShown = createShownTest({ ...defaultLook, clip, groundCut: 1.5 }, frame({ facts, origin }))
    expect([isShown(1, 0, 0), isShown(3, 0, 0), isShown(1, 0, -0.5)]).toEqual([true, false, false])
    // Without a known ground nothing is ground.
    expect(createShownTest({ ...defaultLook, groundCut: 1.5 }, frame())(0, 0, -99)).toBe(true)
  })
})

describe('frames', () => {
  const realFetch = globalThis.fetch
  afterEach(() => {
    globalThis.fetch = realFetch
  })

  test('the longest unwanted are forgotten, not those that are shown or held', () => {
    globalThis.fetch = (() => new Promise(() => {})) as unknown as typeof fetch
    const store = new FrameStore({
      jobId: 1,
      memory: createNodeMemory<() => void>(1 << 20, (forget) => forget()),
      material: new Material(),
      onChange: () => {},
      onLoaded: () => {},
      onReady: () => {},
      listNeeded: () => [3],
    })
    for (let at = 0; at < 6; at++) store.open(at)
    const release = store.hold(1)
    const second = store.open(2)
    for (let at = 6; at < 43; at++) store.open(at)
    // 0, 4 and 5 went; 3 is shown, 1 is held, 2 was wanted again after 5.
    expect([0, 1, 2, 3, 4, 5].map((at) => store.find(at) !== undefined)).toEqual([false, true, true, true, false, false])
    expect(store.open(2)).toBe(second)
    release()
    for (let at = 43; at < 90; at++) store.open(at)
    expect([1, 2, 3].map((at) => store.find(at) !== undefined)).toEqual([false, false, true])
    expect(store.has(second)).toBe(false)
    store.dispose()
    expect(store.find(3)).toBeUndefined()
  })
})
