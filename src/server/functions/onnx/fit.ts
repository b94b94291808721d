// Where a picture lies in the input of a model, and the way back.
import type { FitMode } from './spec'

export type Size = { width: number; height: number }
/** x of the input = x of the picture · scaleX + left. `width` and `height` are those of the picture after scaling, uncropped. */
export type Fit = Size & { scaleX: number; scaleY: number; left: number; top: number }

/** Python's rounding, which models were trained with: halves go to the even neighbour. */
export const roundHalfEven = (value: number): number => {
  const floor = Math.floor(value)
  const rest = value - floor
  if (rest !== 0.5) return Math.round(value)
  return floor % 2 === 0 ? floor : floor + 1
}

const place = (picture: Size, width: number, height: number, left: number, top: number): Fit => ({
  width,
  height,
  scaleX: width / picture.width,
  scaleY: height / picture.height,
  left,
  top,
})

const atLeastOne = (value: number) => Math.max(1, value)

const placers: Record<FitMode, (picture: Size, input: Size) => Fit> = {
  letterbox: (picture, input) => {
    const scale = Math.min(input.width / picture.width, input.height / picture.height)
    const [width, height] = [picture.width, picture.height].map((side) => atLeastOne(roundHalfEven(side * scale))) as [
      number,
      number,
    ]
    const border = (whole: number, part: number) => roundHalfEven((whole - part) / 2 - 0.1)
    return place(picture, width, height, border(input.width, width), border(input.height, height))
  },
  corner: (picture, input) => {
    const scale = Math.min(input.width / picture.width, input.height / picture.height)
    const scaled = (side: number) => atLeastOne(Math.floor(side * scale + 0.5))
    return place(picture, scaled(picture.width), scaled(picture.height), 0, 0)
  },
  stretch: (picture, input) => place(picture, input.width, input.height, 0, 0),
  crop: (picture, input) => {
    const scale = Math.max(input.width / picture.width, input.height / picture.height)
    const scaled = (side: number, least: number) => Math.max(least, Math.floor(side * scale + 1e-9))
    const [width, height] = [scaled(picture.width, input.width), scaled(picture.height, input.height)]
    return place(picture, width, height, -roundHalfEven((width - input.width) / 2), -roundHalfEven((height - input.height) / 2))
  },
}

export const fitPicture = (picture: Size, input: Size, mode: FitMode): Fit => placers[mode](picture, input)

const clamp = (value: number, most: number) => Math.min(Math.max(value, 0), most)

/** A point of the input as a point of the picture, inside of it. */
export const toPicture = (fit: Fit, picture: Size, x: number, y: number): [x: number, y: number] => [
  clamp((x - fit.left) / fit.scaleX, picture.width),
  clamp((y - fit.top) / fit.scaleY, picture.height),
]
export const toInput = (fit: Fit, x: number, y: number): [x: number, y: number] => [
  x * fit.scaleX + fit.left,
  y * fit.scaleY + fit.top,
]
