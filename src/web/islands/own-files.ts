// The files of this computer that are chosen or dropped, with the folders that they came in.
const paths = new WeakMap<File, string>()

/** The path of a chosen file with its folders, as far as the browser tells them; else its name. */
export const pathOf = (file: File): string => paths.get(file) ?? (file.webkitRelativePath || file.name)

const readEntry = async (entry: FileSystemEntry): Promise<File[]> => {
  if (entry.isFile) {
    const file = await new Promise<File>((resolve, reject) => (entry as FileSystemFileEntry).file(resolve, reject))
    paths.set(file, entry.fullPath.replace(/^\//, ''))
    return [file]
  }
  const reader = (entry as FileSystemDirectoryEntry).createReader()
  const found: FileSystemEntry[] = []
  for (;;) {
    const part = await new Promise<FileSystemEntry[]>((resolve, reject) => reader.readEntries(resolve, reject))
    if (!part.length) break
    found.push(...part)
  }
  return (await Promise.all(found.map(readEntry))).flat()
}

/** The files of what was dropped, those in folders too. */
export const readDropped = async (transfer: DataTransfer | null): Promise<File[]> => {
  const items = [...(transfer?.items ?? [])].flatMap((item) => item.webkitGetAsEntry() ?? [])
  return items.length ? (await Promise.all(items.map(readEntry))).flat() : [...(transfer?.files ?? [])]
}
