// Saves what one view shows as a PNG file.
import type { Box } from './views/scene-view'

/** `layers`: canvases over the whole area, drawn just now, lowest first; `box`: the view in CSS pixels of the area. */
export const saveView = async (layers: readonly HTMLCanvasElement[], box: Box, fileName: string): Promise<void> => {
  const { left, top, width, height } = box
  const picture = document.createElement('canvas')
  picture.width = Math.round(width * devicePixelRatio)
  picture.height = Math.round(height * devicePixelRatio)
  const context = picture.getContext('2d')!
  for (const layer of layers) {
    const across = layer.width / (layer.clientWidth || 1)
    const down = layer.height / (layer.clientHeight || 1)
    context.drawImage(layer, left * across, top * down, width * across, height * down, 0, 0, picture.width, picture.height)
  }
  const blob = await new Promise<Blob | null>((resolve) => picture.toBlob(resolve, 'image/png'))
  if (!blob) return
  const link = document.createElement('a')
  link.href = URL.createObjectURL(blob)
  link.download = fileName
  link.click()
  setTimeout(() => URL.revokeObjectURL(link.href), 10_000)
}
