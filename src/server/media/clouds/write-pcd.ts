// Writes points as a binary PCD, a block at a time.
import { open } from 'node:fs/promises'

/** Values of each point; all are 32-bit floats. */
export type CloudPoints = {
  fields: readonly string[]
  count: number
  blocks: AsyncIterable<Float32Array>
  /** What was taken off x, y and z, if anything. */
  origin?: readonly number[]
}

const pcdHeader = ({ fields, count, origin }: CloudPoints) =>
  [
    // Only a comment can hold 64-bit numbers that no program mistakes for something else.
    ...(origin?.some((value) => value !== 0) ? [`# ORIGIN ${origin.join(' ')}`] : []),
    'VERSION 0.7',
    `FIELDS ${fields.join(' ')}`,
    `SIZE ${fields.map(() => 4).join(' ')}`,
    `TYPE ${fields.map(() => 'F').join(' ')}`,
    `COUNT ${fields.map(() => 1).join(' ')}`,
    `WIDTH ${count}`,
    'HEIGHT 1',
    'VIEWPOINT 0 0 0 1 0 0 0',
    `POINTS ${count}`,
    'DATA binary\n',
  ].join('\n')

/** Writes the file; `target` must not exist. */
export const writePcd = async (target: string, points: CloudPoints): Promise<void> => {
  const file = await open(target, 'wx')
  try {
    await file.write(pcdHeader(points))
    for await (const block of points.blocks) {
      const bytes = Buffer.from(block.buffer, block.byteOffset, block.byteLength)
      for (let done = 0; done < bytes.length; ) done += (await file.write(bytes, done)).bytesWritten
    }
    await file.sync()
  } finally {
    await file.close()
  }
}
