// Colour ramps and palettes as textures of 256 colours.
import { DataTexture, LinearFilter, NearestFilter, RGBAFormat } from 'three'
import type { RampName } from '../../look/cloud-aids'

/** Stops at equal distances; all begin light enough to be seen on the dark backdrop. */
const stops: Record<RampName, string> = {
  viridis: '5a3d9a 4a60b8 3c7fb8 2f97a8 27ad96 3cc07a 74d055 b5de2b fde725',
  turbo: '5a4bd0 4675ed 39a2fc 1bcfd4 24eca6 61fc6c a4fc3b d1e834 f3c63a fe9b2d f36315 d93806',
  plasma: '5b2fc0 8a2fc0 ae3aa8 cc4778 e16462 f2844b fca636 fcce25 f0f921',
  grey: '4a4f57 8a9099 c6cbd2 ffffff',
}

/** Echoes and classes: colours that are easily told apart, again and again; the first stands for "none". */
const palette = '9aa3ad 5ea2ef e8b04a 59c36a e0675f a97fe0 3fc6c6 e58fc1 b9a06a 8fd14f 7b8ff0 f08a4b 6fd3a8 d0d46a c57a7a 8fb3c9'

const readHex = (hex: string): [number, number, number] =>
  [0, 2, 4].map((at) => Number.parseInt(hex.slice(at, at + 2), 16)) as [number, number, number]

const toTexture = (colours: readonly (readonly [number, number, number])[], isSmooth: boolean): DataTexture => {
  const data = new Uint8Array(256 * 4)
  for (let i = 0; i < 256; i++) {
    const at = (i / 255) * (colours.length - 1)
    const low = Math.floor(at)
    const [from, to] = isSmooth
      ? [colours[low]!, colours[Math.min(low + 1, colours.length - 1)]!]
      : [colours[i % colours.length]!, colours[i % colours.length]!]
    for (let part = 0; part < 3; part++) data[i * 4 + part] = Math.round(from[part]! + (to[part]! - from[part]!) * (at - low))
    data[i * 4 + 3] = 255
  }
  const texture = new DataTexture(data, 256, 1, RGBAFormat)
  texture.magFilter = texture.minFilter = isSmooth ? LinearFilter : NearestFilter
  texture.needsUpdate = true
  return texture
}

const made = new Map<string, DataTexture>()
const getTexture = (name: string, colours: string, isSmooth: boolean): DataTexture => {
  const texture = made.get(name) ?? toTexture(colours.split(' ').map(readHex), isSmooth)
  made.set(name, texture)
  return texture
}

export const getRamp = (name: RampName): DataTexture => getTexture(name, stops[name], true)
export const getPalette = (): DataTexture => getTexture('palette', palette, false)

/** Hexadecimal colours of a ramp, for its legend. */
export const listStops = (name: RampName): string[] => stops[name].split(' ').map((hex) => `#${hex}`)
