// How a huge picture is cut into tiles: level 0 is its full size, every further one half of it, until one tile holds all.

/** Pixels of a tile's side; those at the right and lower edge may be smaller. */
export const tileSide = 512
/** Pictures with a longer side than this (pixels) are offered as tiles. */
export const tiledFrom = 8000

export type TileLevel = { level: number; width: number; height: number; columns: number; rows: number }

export const isTiled = ({ width, height }: { width: number; height: number }) => Math.max(width, height) > tiledFrom

export const listTileLevels = ({ width, height }: { width: number; height: number }): TileLevel[] => {
  const levels: TileLevel[] = []
  for (let level = 0; ; level++) {
    const scale = 2 ** level
    const [w, h] = [Math.ceil(width / scale), Math.ceil(height / scale)]
    levels.push({ level, width: w, height: h, columns: Math.ceil(w / tileSide), rows: Math.ceil(h / tileSide) })
    if (w <= tileSide && h <= tileSide) return levels
  }
}
