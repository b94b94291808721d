// Brings edits together with what somebody else stored meanwhile: a three-way merge by server id.
import type { Annotations } from '../../../formats/model'
import { type Document, type Edit, listContents, type Patch } from '../document/document'
import { type Content, contentOf, type EditorObject, startFlags } from '../document/object'
import { isSameContent } from '../document/same'

/** Who wins where both changed the same object: mine, theirs, or theirs with mine added as a new object. */
export type Choice = 'mine' | 'theirs' | 'both'

type Clash = { clientId: number; theirs: { id: number; content: Content } | null }

export type Comparison = {
  /** Objects that both changed. */
  clashes: Clash[]
  /** Changed or removed there only. */
  taken: { clientId: number; theirs: { id: number; content: Content } | null }[]
  added: { id: number; content: Content }[]
  /** Mine that clash with nothing. */
  kept: number
}

const key = (kind: string, id: number): string => `${kind} ${id}`

/** What changed where since the document was loaded or last saved. */
export const compareWithServer = (document: Document, theirs: Annotations): Comparison => {
  const server = new Map(listContents(theirs).map((item) => [key(item.content.kind, item.id), item]))
  const changed = document.listChanged()
  const result: Comparison = { clashes: [], taken: [], added: [], kept: 0 }
  for (const [clientId, stored] of document.stored) {
    const name = key(stored.content.kind, stored.id)
    const now = server.get(name) ?? null
    server.delete(name)
    if (now && isSameContent(now.content, stored.server)) continue
    const mine = document.get(clientId)
    const bothGone = !now && !mine
    const sameEdit = now && mine && isSameContent(now.content, contentOf(mine))
    if (changed.has(clientId) && !bothGone && !sameEdit) result.clashes.push({ clientId, theirs: now })
    else result.taken.push({ clientId, theirs: now })
  }
  result.added = [...server.values()]
  result.kept = document.pendingCount - result.clashes.length
  return result
}

/** Adopts the server's state into the document; afterwards what is pending is what is still to be sent. Returns the objects that changed to the eye. */
export const adoptServer = (
  document: Document,
  comparison: Comparison,
  choice: Choice | ((clientId: number) => Choice),
  frame: number,
): Edit => {
  const choose = typeof choice === 'function' ? choice : () => choice
  const patches: Patch[] = []
  const put = (clientId: number, after: EditorObject | null): void => {
    const before = document.get(clientId)
    patches.push({ clientId, before, after })
    document.apply([{ clientId, before, after }])
  }
  const withContent = (clientId: number, content: Content): EditorObject => {
    const old = document.get(clientId)
    return { ...startFlags(content), ...(old ?? {}), ...content, clientId } as EditorObject
  }
  const settle = (clientId: number, theirs: { id: number; content: Content } | null): void => {
    if (theirs) document.markStored(clientId, theirs.id, theirs.content, theirs.content)
    else document.markDeleted(clientId)
  }
  const takeTheirs = (clientId: number, theirs: { id: number; content: Content } | null): void => {
    put(clientId, theirs && withContent(clientId, theirs.content))
    settle(clientId, theirs)
  }
  for (const { clientId, theirs } of comparison.taken) takeTheirs(clientId, theirs)
  for (const { clientId, theirs } of comparison.clashes) {
    const chosen = choose(clientId)
    if (chosen === 'mine') {
      settle(clientId, theirs)
      continue
    }
    const mine = document.get(clientId)
    takeTheirs(clientId, theirs)
    if (chosen === 'both' && mine) {
      const copy = document.takeClientId()
      put(copy, { ...mine, clientId: copy })
    }
  }
  for (const { id, content } of comparison.added) {
    const clientId = document.takeClientId()
    put(clientId, withContent(clientId, content))
    document.markStored(clientId, id, content, content)
  }
  return { title: 'Merge', frame, patches }
}
