// Frames by what is on them: with objects that pass the filter, without any.
import { placeObject } from '../document/place'
import type { Editor } from '../editor'
import { type Logic, listFields } from './logic'

/** What differs between the frames of a track beside its key frames: only its size. */
const readsSize = (filter: Logic | null): boolean => listFields(filter).some((field) => field === 'width' || field === 'height')

/** Whether a frame shows an object that passes. Tracks count on their key frames, with filters on sizes on every frame. */
export const hasMatch = (editor: Editor, frame: number, filter: Logic | null = editor.state.filter): boolean => {
  const everywhere = filter === null || readsSize(filter)
  return editor.document.listFrame(frame).some((clientId) => {
    const object = editor.document.get(clientId)
    if (!object) return false
    if (object.kind === 'track' && !everywhere && !object.data.shapes.some((shape) => shape.frame === frame)) return false
    const placed = placeObject(object, frame)
    return placed !== null && !placed.body?.outside && editor.passesFilter(placed, clientId, filter)
  })
}

export const isEmptyFrame = (editor: Editor, frame: number): boolean => !editor.document.hasObjects(frame)
