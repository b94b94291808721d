// What is ticked in a tree of files: marks on files and folders, each of which counts for everything below it.

/** By path; paths of folders end with a slash, the root is ''. */
export type Marks = ReadonlyMap<string, boolean>

/** The folder that a path lies in. */
export const folderOf = (path: string): string => path.slice(0, path.lastIndexOf('/', path.length - 2) + 1)

/** By its own mark, or that of the nearest folder above it. */
export const isTicked = (marks: Marks, path: string): boolean => {
  for (let at = path; at !== ''; at = folderOf(at)) {
    const mark = marks.get(at)
    if (mark !== undefined) return mark
  }
  return marks.get('') ?? false
}

/** Whether something below a folder is marked differently from it. */
export const isPartly = (marks: Marks, folder: string): boolean => {
  const own = isTicked(marks, folder)
  for (const [path, mark] of marks) if (path !== folder && path.startsWith(folder) && mark !== own) return true
  return false
}

/** The nearest folder above that has a mark. */
const markedAbove = (marks: Marks, path: string): string | undefined => {
  for (let at = folderOf(path); at !== ''; at = folderOf(at)) if (marks.has(at)) return at
  return marks.has('') ? '' : undefined
}

/**
 * The marks after a click on a path. What was left out of a ticked folder cannot be left out and taken in part, so when something in
 * it is ticked again, its neighbours are left out one by one.
 * @param childrenOf paths in a folder that is shown
 */
export const toggle = (marks: Marks, path: string, childrenOf: (folder: string) => readonly string[]): Marks => {
  const next = new Map(marks)
  const wanted = !isTicked(marks, path)
  for (const key of marks.keys()) if (key === path || (path.endsWith('/') && key.startsWith(path))) next.delete(key)
  const above = markedAbove(next, path)
  const outer = above !== undefined && next.get(above)!
  if (outer === wanted) return next
  if (!wanted || above === undefined) return next.set(path, wanted)
  next.delete(above)
  for (let folder = folderOf(path), inside = path; ; inside = folder, folder = folderOf(folder)) {
    for (const child of childrenOf(folder)) if (child !== inside) next.set(child, false)
    if (folder === above) return next
  }
}

/** What the server is asked for: ticked files and folders, and what is left out of the folders. */
export const readSelection = (marks: Marks): { files: string[]; exclude: string[] } => {
  const pick = (wanted: boolean) => [...marks].filter(([, mark]) => mark === wanted).map(([path]) => path)
  return { files: pick(true), exclude: pick(false) }
}
