// The menu of one point of the active object: deleting it, starting the contour there, flags of a skeleton's point.

import type { PartFlags } from '../../document/object'
import type { Editor } from '../../editor'
import { t } from '../../i18n/message'
import { shapeKinds } from '../../shapes/registry'
import { type MenuItem, openMenu } from '../../ui/menu'
import { startAt } from '../../view/contour'
import type { Point } from '../../view/geometry'
import type { Target } from '../tool'
import { findPartLabel, openPartAttributes } from './part-attributes'

const placeItems = (editor: Editor, target: Target, handle: string): MenuItem[] => {
  const { clientId, body } = target
  const place = (points: number[], title: string) => () =>
    void editor.do({ type: 'place', clientId, position: { points, rotation: body.rotation }, title })
  const shorter = shapeKinds[body.type].removePoint(body, handle)
  const index = Number(handle.slice(6))
  return [
    ...(shorter
      ? [
          {
            type: 'action' as const,
            testId: 'menu-delete-point',
            title: t('Delete point'),
            run: place(shorter.points, 'Delete point'),
          },
        ]
      : []),
    ...(body.type === 'polygon' && index > 0
      ? [
          {
            type: 'action' as const,
            testId: 'menu-start-point',
            title: t('Start the contour here'),
            run: place(startAt(body.points, index), 'Set start point'),
          },
        ]
      : []),
  ]
}

const partItems = (editor: Editor, { clientId }: Target, handle: string): MenuItem[] => {
  const part = Number(handle.slice(6))
  const element = editor.scene.items.get(clientId)?.elements[part]
  if (!element) return []
  const toggle = (mark: 'occluded' | 'outside', title: string) => ({
    type: 'choice' as const,
    testId: `menu-${mark}`,
    title: t(title),
    value: mark,
    checked: element[mark],
    run: () => void editor.do({ type: 'element', clientId, part, change: { [mark]: !element[mark] }, title: `${title} point` }),
  })
  const hasAttributes = (findPartLabel(editor, clientId, part)?.attributes.length ?? 0) > 0
  const attributes = {
    type: 'action' as const,
    testId: 'menu-attributes',
    title: t('Attributes'),
    run: () => openPartAttributes(editor, clientId, part),
  }
  const { parts = {} } = editor.document.get(clientId) ?? {}
  const flag = (name: keyof PartFlags, title: string) => ({
    type: 'action' as const,
    testId: name === 'hidden' ? 'menu-hide' : 'menu-lock',
    title: t(title),
    run: () => {
      const changed = { ...parts, [element.label_id]: { ...parts[element.label_id], [name]: true } }
      void editor.do({ type: 'flag', clientIds: [clientId], flags: { parts: changed }, title })
    },
  })
  return [
    toggle('occluded', 'Occluded'),
    toggle('outside', 'Outside'),
    flag('hidden', 'Hide point'),
    flag('locked', 'Lock point'),
    ...(hasAttributes ? [attributes] : []),
  ]
}

/** Opens when a handle of a point lies under the pointer; says whether it did. */
export const openPointMenu = (editor: Editor, at: Point, anchor: HTMLElement, page: { x: number; y: number }): boolean => {
  const grip = editor.stage.context.handleAt(at)
  if (!grip?.handle.startsWith('point-')) return false
  const items =
    grip.target.type === 'skeleton' ? partItems(editor, grip.target, grip.handle) : placeItems(editor, grip.target, grip.handle)
  if (items.length === 0) return false
  openMenu(editor.screen.root, anchor, t('Point'), items, page)
  return true
}
