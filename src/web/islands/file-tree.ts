// A tree of files that is loaded folder by folder, with ticks; plain data, drawn by whoever shows it.
import { t } from './i18n/message'
import { isPartly, isTicked, type Marks, toggle } from './tree-selection'

/** As the server lists the share and buckets. */
export type Listed = { name: string; type: 'REG' | 'DIR'; mime_type: string }
/** One page of a folder; `next` asks for the next one. */
export type Page = { content: Listed[]; next: string | null }
export type LoadPage = (folder: string, next: string | null) => Promise<Page>

type Node = { path: string; name: string; isFolder: boolean }
export type Row = Node & {
  key: string
  /** Class that moves it to the right. */
  indent: string
  isOpen: boolean
  isTicked: boolean
  isPartly: boolean
  /** Stands for the rest of a folder. */
  isMore: boolean
  label: string
}

const indents = ['pl-2', 'pl-7', 'pl-12', 'pl-16', 'pl-20', 'pl-24', 'pl-28']

/** `root`: the folder that the tree begins with, '' or with a slash at its end. */
export const createFileTree = (root: string, loadPage: LoadPage) => {
  const children = new Map<string, Node[]>()
  const rest = new Map<string, string | null>()
  const open = new Set<string>()
  let marks: Marks = new Map()

  const load = async (folder: string) => {
    const { content, next } = await loadPage(folder, rest.get(folder) ?? null)
    const nodes = content.map(({ name, type }): Node => {
      const isFolder = type === 'DIR'
      return { path: `${folder}${name}${isFolder ? '/' : ''}`, name, isFolder }
    })
    children.set(folder, [...(children.get(folder) ?? []), ...nodes])
    rest.set(folder, next)
  }

  const listRows = (folder: string, depth: number): Row[] => {
    const indent = indents[Math.min(depth, indents.length - 1)]!
    const rows = (children.get(folder) ?? []).flatMap((node): Row[] => {
      const isOpen = open.has(node.path)
      const row: Row = {
        ...node,
        key: node.path,
        indent,
        isOpen,
        isMore: false,
        isTicked: isTicked(marks, node.path),
        isPartly: node.isFolder && isPartly(marks, node.path),
        label: node.isFolder ? t('Folder {name}', { name: node.name }) : node.name,
      }
      return [row, ...(isOpen ? listRows(node.path, depth + 1) : [])]
    })
    if (!rest.get(folder)) return rows
    const more = { path: folder, name: t('Show more'), isFolder: false, indent, isOpen: false, isTicked: false, isPartly: false }
    return [...rows, { ...more, key: t('{folder} more', { folder }), isMore: true, label: t('Show more') }]
  }

  return {
    start: () => load(root),
    /** Loads the next page of a folder. */
    more: (folder: string) => load(folder),
    /** Opens a folder, loading it the first time, or closes it. */
    flip: async (folder: string) => {
      if (open.delete(folder)) return
      if (!children.has(folder)) await load(folder)
      open.add(folder)
    },
    tick: (path: string) => {
      marks = toggle(marks, path, (folder) => (children.get(folder) ?? []).map((node) => node.path))
    },
    rows: () => listRows(root, 0),
    /** Every file that is ticked, by itself or with a folder, which is read to its end. Throws when there are more than `most`. */
    listTicked: async (most: number): Promise<string[]> => {
      const found: string[] = []
      const walk = async (path: string): Promise<void> => {
        if (!isTicked(marks, path) && !isPartly(marks, path)) return
        if (path !== root && !path.endsWith('/')) {
          if (found.push(path) > most) throw new Error(t('More than {most} files are ticked.', { most }))
          return
        }
        if (!children.has(path)) await load(path)
        while (rest.get(path)) await load(path)
        for (const child of children.get(path) ?? []) await walk(child.path)
      }
      await walk(root)
      return found
    },
    marks: () => marks,
  }
}
export type FileTree = ReturnType<typeof createFileTree>
