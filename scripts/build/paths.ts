// Where things lie in a checkout, for the scripts.
import { join } from 'node:path'

export const root = join(import.meta.dir, '../..')
export const fromRoot = (...parts: string[]) => join(root, ...parts)
export const binaryPath = fromRoot('dist/annolith')
