// Files on the machine of the console, as they are sent.
import { basename } from 'node:path'

/** Throws an error that names the path when there is no such file. */
export const openFile = async (path: string): Promise<File> => {
  const file = Bun.file(path)
  if (!(await file.exists())) throw new Error(`${path} does not exist.`)
  return new File([file], basename(path))
}
