// Turns pending changes into the body of one save, and the answer back into what the server now holds.
import type { Annotations } from '../../../formats/model'
import type { Document, PendingChange } from '../document/document'
import { type Content, listOf, type ObjectKind } from '../document/object'
import type { SaveAnswer, SaveBody } from './api'

/** One save on its way: the exact text sent, so that a repeat is the same request, and whose object each item is. */
export type Shipment = { saveId: string; revision: number; text: string; changes: PendingChange[] }

const empty = (): Annotations => ({ version: 0, tags: [], shapes: [], tracks: [] })

const section = { create: 'create', update: 'update', delete: 'delete' } as const

/** A random identity; crypto.randomUUID is missing on pages that are not served securely. */
export const makeSaveId = (): string => {
  const bytes = crypto.getRandomValues(new Uint8Array(16))
  bytes[6] = (bytes[6]! & 0x0f) | 0x40
  bytes[8] = (bytes[8]! & 0x3f) | 0x80
  const hex = [...bytes].map((byte) => byte.toString(16).padStart(2, '0')).join('')
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20)}`
}

/** New things have no ids anywhere: copies and restored objects may still carry those of what they were. */
const withoutIds = (value: unknown): unknown => {
  if (Array.isArray(value)) return typeof value[0] === 'object' ? value.map(withoutIds) : value
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(Object.entries(value).flatMap(([key, one]) => (key === 'id' ? [] : [[key, withoutIds(one)]])))
}

export const packShipment = (changes: PendingChange[], revision: number, saveId = makeSaveId()): Shipment => {
  const body: SaveBody = { save_id: saveId, create: empty(), update: empty(), delete: empty() }
  for (const change of changes) {
    const item = change.type === 'create' ? withoutIds(change.content.data) : { ...change.content.data, id: change.id }
    const list = body[section[change.type]][listOf[change.content.kind]] as unknown[]
    list.push(item)
  }
  return { saveId, revision, text: JSON.stringify(body), changes }
}

const take = (answer: Annotations | undefined, kind: ObjectKind, index: number): { id: number; server: Content } | null => {
  const item = answer?.[listOf[kind]]?.[index]
  if (!item || item.id === undefined) return null
  const { id, ...data } = item
  return { id, server: { kind, data } as Content }
}

/** Marks in the document what a shipment made the server hold; edits made meanwhile stay pending. */
export const settleShipment = (document: Document, shipment: Shipment, answer: SaveAnswer): void => {
  const next = { create: { shape: 0, track: 0, tag: 0 }, update: { shape: 0, track: 0, tag: 0 } }
  for (const change of shipment.changes) {
    if (change.type === 'delete') {
      document.markDeleted(change.clientId)
      continue
    }
    const kind = change.content.kind
    const index = next[change.type][kind]
    next[change.type][kind] += 1
    const got = take(answer[change.type], kind, index)
    const id = got?.id ?? (change.type === 'update' ? change.id : null)
    if (id !== null) document.markStored(change.clientId, id, change.content, got?.server ?? change.content)
  }
}
