// Points of a cloud as they are streamed: blocks of typed arrays, whatever file they come from.

/** Some points of a cloud, in the order of the file. */
export type CloudBlock = {
  count: number
  /** Which point of the file each is, from 0; those that are left out have their numbers too. */
  rows: Uint32Array
  /** x, y, z of each point (metres as a rule), `origin` of the stream taken off; always finite. */
  positions: Float32Array
  /** As the file has it: 0…1 in KITTI, 0…65535 in LAS. */
  intensity?: Float32Array
  /** Red, green and blue of each point, 0…255. */
  colour?: Uint8Array
  /** Number of the echo that the point is, from 1 (LAS). */
  return?: Uint8Array
  /** Class of the point as the scanner's programs know it (LAS). */
  classification?: Uint8Array
}

export type CloudStream = AsyncIterable<CloudBlock> & {
  /** Points that the header declares; those that are dropped are among them. */
  readonly declared: number
  /** To be added to the positions to get the coordinates of the file; not zero where 32-bit floats would be too coarse. */
  readonly origin: readonly [number, number, number]
  /** Points without finite coordinates that were left out so far. */
  readonly dropped: number
}

/** Parts of points, each an array with room for `rows` values times their number. */
export type Columns = {
  positions: Float64Array
  intensity?: Float32Array
  colour?: Uint8Array
  return?: Uint8Array
  classification?: Uint8Array
}

/** Points before their origin is taken off: what the reader of one kind of file yields. */
/** Its points are those of the file with the numbers `first`, `first + step`, … */
export type RawBlock = Columns & { count: number; first: number; step: number }
export type RawCloud = {
  declared: number
  /** When the reader has moved the points already. */
  origin?: readonly number[]
  /** Whether the coordinates may be far away, as those with 64 bits or of text. */
  isFine: boolean
  blocks: AsyncIterable<RawBlock>
}

/** Picks one of `every` points, so that huge files give a sample soon; 1 for all. */
export type Picking = { every: number }
