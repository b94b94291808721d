// What going back to a saved version would bring back, take away and change, on one frame.
import type { Annotations } from '../../../formats/model'
import { type Document, listContents } from '../document/document'
import { type Content, contentOf, type EditorObject, startFlags } from '../document/object'
import { placeObject } from '../document/place'
import { isSameContent } from '../document/same'
import type { Body } from '../shapes/shape-kind'

export type Ghost = { change: 'back' | 'gone' | 'changed'; body: Body }

export type RevisionDiff = { back: Content[]; gone: Content[]; changed: { old: Content; now: Content }[] }

/** Compares a saved version with what the editor holds. */
export const compareRevision = (document: Document, saved: Annotations): RevisionDiff => {
  const now = new Map<string, Content>()
  const gone: Content[] = []
  for (const [clientId, object] of document.objects) {
    const id = document.serverId(clientId)
    if (id === null) gone.push(contentOf(object))
    else now.set(`${object.kind} ${id}`, contentOf(object))
  }
  const diff: RevisionDiff = { back: [], gone, changed: [] }
  for (const { id, content } of listContents(saved)) {
    const key = `${content.kind} ${id}`
    const mine = now.get(key)
    now.delete(key)
    if (!mine) diff.back.push(content)
    else if (!isSameContent(mine, content)) diff.changed.push({ old: content, now: mine })
  }
  diff.gone.push(...now.values())
  return diff
}

const bodyOn = (content: Content, frame: number): Body | null => {
  const object = { ...content, ...startFlags(content), clientId: 0 } as EditorObject
  const placed = placeObject(object, frame)
  return placed?.body && !placed.body.outside
    ? ({ ...placed.body, elements: placed.elements, edges: [] } as unknown as Body)
    : null
}

/** What of a difference is seen on a frame: changed objects as they were then. */
export const listGhosts = (diff: RevisionDiff, frame: number): Ghost[] => {
  const make =
    (change: Ghost['change']) =>
    (content: Content): Ghost[] => {
      const body = bodyOn(content, frame)
      return body ? [{ change, body }] : []
    }
  return [
    ...diff.gone.flatMap(make('gone')),
    ...diff.changed.flatMap(({ old }) => make('changed')(old)),
    ...diff.back.flatMap(make('back')),
  ]
}
