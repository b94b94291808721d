// The tags of the frame in the corner of the picture, each with a button that takes it away.
import type { Editor } from '../editor'
import { t } from '../i18n/message'
import { listTags } from '../workspaces/tagging'
import { h } from './dom'
import { icon } from './icons'

export const makeFrameTags = (editor: Editor): HTMLElement => {
  const host = h('div', { class: 'ed-tags', role: 'list', 'aria-label': t('Tags of the frame'), 'data-testid': 'frame-tags' })
  const update = () => {
    const { settings, workspace } = editor.state
    const tags = settings.showTags || workspace === 'tags' ? listTags(editor) : []
    host.hidden = tags.length === 0
    host.replaceChildren(
      ...tags.map(({ clientId, label }) => {
        const name = label?.name ?? '?'
        const element = h(
          'span',
          { class: 'ed-tag', role: 'listitem', 'data-testid': `frame-tag-${clientId}` },
          h('i', { class: 'ed-swatch' }),
          h('span', { text: name, dir: 'auto' }),
          h(
            'button',
            {
              type: 'button',
              class: 'ed-switch',
              'data-testid': 'frame-tag-remove',
              'aria-label': t('Take the tag {name} away', { name }),
              on: {
                click: () => editor.do({ type: 'remove', clientIds: [clientId] }),
                pointerdown: (event) => event.stopPropagation(),
              },
            },
            icon('close'),
          ),
        )
        element.style.setProperty('--color', label?.color ?? 'transparent')
        return element
      }),
    )
  }
  editor.store.subscribe(['edition', 'frame', 'settings', 'workspace'], update)
  update()
  return host
}
