// Puts edits of an earlier session back on top of what the server holds now.
import type { Document } from '../document/document'
import { type Content, type EditorObject, startFlags } from '../document/object'
import { isSameContent } from '../document/same'
import type { SaveAnswer } from './api'
import type { Shipment } from './delta'
import type { JournalEntry } from './journal'

/** What a repeated shipment made of the objects of its session: their ids, and what was stored. */
export type Learnt = ReadonlyMap<number, { id: number; content: Content }>

export const learnFromShipment = (shipment: Shipment, answer: SaveAnswer): Learnt => {
  const learnt = new Map<number, { id: number; content: Content }>()
  const next = { shape: 0, track: 0, tag: 0 }
  const lists = { shape: answer.create.shapes, track: answer.create.tracks, tag: answer.create.tags }
  for (const { clientId, ...change } of shipment.changes) {
    if (change.type === 'update') learnt.set(clientId, { id: change.id, content: change.content })
    if (change.type !== 'create') continue
    const id = lists[change.content.kind][next[change.content.kind]]?.id
    next[change.content.kind] += 1
    if (id !== undefined) learnt.set(clientId, { id, content: change.content })
  }
  return learnt
}

/**
 * Applies journal entries to a freshly loaded document; returns how many of them clash with what others stored since, and which
 * client ids they have here. Clashing objects are left as if loaded in their old state and edited: comparing with the server then finds them.
 */
export const restoreEntries = (
  document: Document,
  entries: readonly JournalEntry[],
  learnt: Learnt,
): { clashes: number; names: Map<number, number> } => {
  const names = new Map<number, number>()
  const byId = new Map([...document.stored].map(([clientId, stored]) => [`${stored.content.kind} ${stored.id}`, clientId]))
  let clashes = 0
  const put = (clientId: number, content: Content): void => {
    const before = document.get(clientId)
    const after = { ...startFlags(content), ...(before ?? {}), ...content, clientId } as EditorObject
    document.apply([{ clientId, before, after }])
  }
  for (const { clientId: oldId, change, base } of [...entries].sort((a, b) => a.clientId - b.clientId)) {
    const known = learnt.get(oldId)
    const id = change.type === 'create' ? known?.id : change.id
    const found = id === undefined ? undefined : byId.get(`${change.content.kind} ${id}`)
    if (found !== undefined) names.set(oldId, found)
    if (change.type === 'create') {
      const clientId = found ?? document.takeClientId()
      names.set(oldId, clientId)
      put(clientId, change.content)
      continue
    }
    const start = known?.content ?? base ?? change.content
    if (found === undefined) {
      if (change.type === 'delete') continue
      const clientId = document.takeClientId()
      names.set(oldId, clientId)
      document.load(clientId, change.id, start)
      put(clientId, change.content)
      clashes += 1
      continue
    }
    const stored = document.stored.get(found)!
    const movedOn = !isSameContent(stored.server, start) && base !== null
    if (movedOn && change.type === 'update' && isSameContent(stored.server, change.content)) continue
    if (movedOn) {
      document.load(found, change.id, start)
      clashes += 1
    }
    if (change.type === 'update') put(found, change.content)
    else document.apply([{ clientId: found, before: document.get(found), after: null }])
  }
  return { clashes, names }
}
