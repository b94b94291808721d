// Colour ramps and palettes as textures of 256 colours.
import { DataTexture, LinearFilter, NearestFilter, RGBAFormat } from 'three'
import type { RampName } from '../../look/cloud-aids'
import { listStops } from '../../look/ramp-stops'

/** Echoes and classes: colours that are easily told apart, again and again; the first stands for "none". */
const palette =
  '#9aa3ad #5ea2ef #e8b04a #59c36a #e0675f #a97fe0 #3fc6c6 #e58fc1 #b9a06a #8fd14f #7b8ff0 #f08a4b #6fd3a8 #d0d46a #c57a7a #8fb3c9'

type Colour = [number, number, number]
const readHex = (hex: string) => [1, 3, 5].map((at) => Number.parseInt(hex.slice(at, at + 2), 16)) as Colour

const toTexture = (pick: (place: number) => Colour, isSmooth: boolean): DataTexture => {
  const data = Uint8Array.from({ length: 256 }, (_, place) => place).reduce(
    (all, place) => {
      all.set([...pick(place), 255], place * 4)
      return all
    },
    new Uint8Array(256 * 4),
  )
  const texture = new DataTexture(data, 256, 1, RGBAFormat)
  texture.magFilter = texture.minFilter = isSmooth ? LinearFilter : NearestFilter
  texture.needsUpdate = true
  return texture
}

const made = new Map<string, DataTexture>()
const once = (name: string, make: () => DataTexture): DataTexture => {
  const texture = made.get(name) ?? make()
  made.set(name, texture)
  return texture
}

export const getRamp = (name: RampName): DataTexture =>
  once(name, () => {
    const colours = listStops(name).map(readHex)
    return toTexture((place) => {
      const at = (place / 255) * (colours.length - 1)
      const low = Math.min(Math.floor(at), colours.length - 2)
      return colours[low]!.map((value, part) => Math.round(value + (colours[low + 1]![part]! - value) * (at - low))) as Colour
    }, true)
  })

export const getPalette = (): DataTexture =>
  once('palette', () => {
    const colours = palette.split(' ').map(readHex)
    return toTexture((place) => colours[place % colours.length]!, false)
  })
