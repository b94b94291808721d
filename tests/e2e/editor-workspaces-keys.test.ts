// Every key of the registry that can be judged: pressed as a person would, in the state in which it means something.
import { afterAll, afterEach, beforeAll, expect, setDefaultTimeout, test } from 'bun:test'
import type { TrackedShape } from '../../src/formats/model'
import { commands, findCommand } from '../../src/web/editor/commands/registry'
import { until } from './browser'
import type { MockOptions } from './editor-harness'
import type { EditorPage } from './editor-page'
import { boxAt, makeFixture } from './editor-workspaces-fixture'

setDefaultTimeout(60_000)

const fixture = makeFixture()
beforeAll(() => fixture.begin())
afterEach(async () => void (await fixture.check()))
afterAll(() => fixture.end())

const names: Record<string, string> = {
  Ctrl: 'Control',
  Esc: 'Escape',
  Del: 'Delete',
  Left: 'ArrowLeft',
  Right: 'ArrowRight',
  Up: 'ArrowUp',
  Down: 'ArrowDown',
  '`': 'Backquote',
}

/** Presses keys as the registry names them; those after a space come later. */
const press = async (editor: EditorPage, keys: string): Promise<void> => {
  for (const stroke of keys.split(' ')) {
    const parts = stroke.split(/(?<=.)\+/).map((part) => names[part] ?? (/^[A-Z]$/.test(part) ? part.toLowerCase() : part))
    await editor.page.keyboard.press(parts.join('+'))
  }
}

const two = { start: { shapes: [boxAt(1, 100, 100), boxAt(2, 500, 300, { z_order: 1 })] } }
const key = (frame: number, x: number, part: Partial<TrackedShape> = {}): TrackedShape => ({
  type: 'rectangle',
  points: [x, 100, x + 100, 180],
  rotation: 0,
  occluded: false,
  outside: false,
  z_order: 0,
  attributes: [],
  frame,
  ...part,
})
const track = {
  frames: 10,
  start: {
    tracks: [
      {
        id: 5,
        frame: 0,
        label_id: 12,
        group: 0,
        source: 'manual' as const,
        attributes: [],
        elements: [],
        shapes: [key(0, 100), key(4, 300), key(8, 500)],
      },
    ],
  },
}

/** Chooses the first object of the frame. */
const choose = async (editor: EditorPage) => {
  await editor.byId('canvas').focus()
  await press(editor, 'Esc')
  await press(editor, 'Tab')
  await editor.until('active', 1)
}
const data = (editor: EditorPage, place: number, name: string) => async () => (await editor.objects())[place]?.data[name]
const goTo = async (editor: EditorPage, frame: number) => {
  await editor.byId('player-frame').fill(String(frame))
  await editor.page.keyboard.press('Enter')
  await editor.until('frame', frame)
  await editor.ready()
}

type Row = {
  row: string
  /** The command whose keys are pressed, each in turn. */
  id: string
  mock?: MockOptions
  query?: string
  before?: (editor: EditorPage) => Promise<unknown>
  judge: (editor: EditorPage) => Promise<unknown>
}

const flag = (row: string, id: string, name: string, place = 0): Row => ({
  row,
  id,
  mock: two,
  before: choose,
  judge: async (editor) => {
    await until(data(editor, place, name), 'true')
    await editor.page.keyboard.press('Control+z')
    await until(data(editor, place, name), 'false')
  },
})
const frame = (row: string, id: string, from: number, to: number, mock: MockOptions = { frames: 30 }): Row => ({
  row,
  id,
  mock,
  before: (editor) => goTo(editor, from),
  judge: (editor) => editor.until('frame', to),
})
const mode = (row: string, id: string, wanted: string): Row => ({
  row,
  id,
  mock: two,
  before: async (editor) => {
    await editor.byId('canvas').focus()
    await press(editor, 'Esc')
    await editor.until('mode', 'idle')
  },
  judge: async (editor) => {
    await editor.until('mode', wanted)
    await press(editor, 'Esc')
    await press(editor, 'Esc')
    await editor.until('mode', 'idle')
  },
})
const dialog = (row: string, id: string, testId: string): Row => ({
  row,
  id,
  judge: async (editor) => {
    await editor.byId(testId).waitFor()
    await editor.page.keyboard.press('Escape')
    await editor.byId(testId).waitFor({ state: 'detached' })
  },
})
const move = async (editor: EditorPage) => {
  await choose(editor)
  await press(editor, 'Down')
  await until(async () => (await editor.objects())[0]?.points[1], 101)
}

const chaptered = {
  frames: 12,
  chapters: [
    { id: 1, start: 0, stop: 4, metadata: { title: 'One' } },
    { id: 2, start: 5, stop: 11, metadata: { title: 'Two' } },
  ],
}
const scattered = { frames: 8, start: { shapes: [boxAt(1, 100, 100, { frame: 2 }), boxAt(2, 100, 100, { frame: 6 })] } }

const rows: Row[] = [
  dialog('K-001', 'help', 'help-dialog'),
  dialog('K-002', 'settings', 'settings-dialog'),
  { row: 'K-010', id: 'save', mock: two, before: move, judge: (editor) => editor.until('unsaved', 0) },
  {
    row: 'K-011',
    id: 'undo',
    mock: two,
    before: move,
    judge: (editor) => until(async () => (await editor.objects())[0]?.points[1], 100),
  },
  {
    row: 'K-012',
    id: 'redo',
    mock: two,
    before: async (editor) => {
      if ((await editor.read('unsaved')) === '0') await move(editor)
      await press(editor, 'Ctrl+Z')
      await until(async () => (await editor.objects())[0]?.points[1], 100)
    },
    judge: (editor) => until(async () => (await editor.objects())[0]?.points[1], 101),
  },
  frame('K-013', 'frame-next', 3, 4),
  frame('K-013', 'frame-prev', 3, 2),
  frame('K-014', 'frame-forward', 3, 13),
  frame('K-014', 'frame-back', 15, 5),
  frame('K-015', 'frame-next-object', 3, 6, scattered),
  frame('K-015', 'frame-prev-object', 5, 2, scattered),
  frame('K-016', 'chapter-next', 2, 5, chaptered),
  frame('K-016', 'chapter-prev', 8, 5, chaptered),
  {
    row: 'K-017',
    id: 'play',
    mock: { frames: 30 },
    judge: async (editor) => {
      await until(() => editor.byId('player-play').getAttribute('aria-label'), 'Pause')
      await until(async () => Number(await editor.read('frame')) > 0, true)
      await press(editor, 'Space')
      await until(() => editor.byId('player-play').getAttribute('aria-label'), 'Play')
    },
  },
  {
    row: 'K-018',
    id: 'frame-field',
    judge: async (editor) => {
      await until(() => editor.page.evaluate(() => document.activeElement?.getAttribute('data-testid')), 'player-frame')
      await editor.page.keyboard.press('Escape')
      await until(() => editor.page.evaluate(() => document.activeElement?.getAttribute('data-testid')), 'canvas')
    },
  },
  {
    row: 'K-019',
    id: 'frame-delete',
    judge: async (editor) => {
      await editor.byId('frame-deleted').waitFor()
      await until(() => [...fixture.mock.extras.deleted], [0])
      await editor.byId('player-restore-frame').click()
      await until(() => [...fixture.mock.extras.deleted], [])
      await editor.byId('frame-deleted').waitFor({ state: 'hidden' })
    },
  },
  flag('K-030', 'lock', 'locked'),
  flag('K-030', 'lock-all', 'locked', 1),
  flag('K-031', 'hide', 'hidden'),
  flag('K-031', 'hide-all', 'hidden', 1),
  flag('K-032', 'occluded', 'occluded'),
  flag('K-033', 'pin', 'pinned'),
  {
    row: 'K-034',
    id: 'keyframe',
    mock: track,
    before: async (editor) => {
      await goTo(editor, 2)
      await choose(editor)
    },
    judge: (editor) => until(data(editor, 0, 'keyframe'), 'true'),
  },
  {
    row: 'K-034',
    id: 'outside',
    mock: track,
    before: async (editor) => {
      await goTo(editor, 2)
      await choose(editor)
    },
    judge: (editor) => editor.untilCount(0),
  },
  {
    row: 'K-035',
    id: 'keyframe-next',
    mock: track,
    before: async (editor) => {
      await goTo(editor, 2)
      await choose(editor)
    },
    judge: (editor) => editor.until('frame', 4),
  },
  {
    row: 'K-035',
    id: 'keyframe-prev',
    mock: track,
    before: async (editor) => {
      await goTo(editor, 2)
      await choose(editor)
    },
    judge: (editor) => editor.until('frame', 0),
  },
  { row: 'K-036', id: 'delete', mock: two, before: choose, judge: (editor) => editor.untilCount(1) },
  {
    row: 'K-036',
    id: 'delete-forced',
    mock: two,
    before: async (editor) => {
      await choose(editor)
      await press(editor, 'L')
      await until(data(editor, 0, 'locked'), 'true')
    },
    judge: (editor) => editor.untilCount(1),
  },
  {
    row: 'K-037',
    id: 'to-foreground',
    mock: two,
    before: choose,
    judge: async (editor) => {
      await until(data(editor, 0, 'z'), '2')
      await press(editor, 'Ctrl+Z')
      await until(data(editor, 0, 'z'), '0')
    },
  },
  {
    row: 'K-037',
    id: 'to-background',
    mock: two,
    before: choose,
    judge: async (editor) => {
      await until(data(editor, 0, 'z'), '-1')
      await press(editor, 'Ctrl+Z')
      await until(data(editor, 0, 'z'), '0')
    },
  },
  {
    row: 'K-038',
    id: 'copy',
    mock: two,
    before: choose,
    judge: async (editor) => {
      await press(editor, findCommand('paste').keys[0]!)
      await editor.until('mode', 'paste')
      await editor.click(300, 500)
      await editor.untilCount(3)
    },
  },
  {
    row: 'K-041',
    id: 'next-color',
    mock: two,
    before: choose,
    judge: async (editor) => until(async () => (await data(editor, 0, 'color')()) !== '#e5484d', true),
  },
  {
    row: 'K-042',
    id: 'label-2',
    mock: two,
    before: choose,
    judge: async (editor) => {
      await until(async () => (await editor.objects())[0]?.label, 'person')
      await press(editor, 'Ctrl+Z')
      await until(async () => (await editor.objects())[0]?.label, 'car')
    },
  },
  mode('K-050', 'draw-again', 'draw'),
  {
    row: 'K-051',
    id: 'redraw',
    mock: two,
    before: choose,
    judge: async (editor) => {
      await editor.until('mode', 'draw')
      await editor.drag([300, 400], [420, 500])
      await editor.until('mode', 'idle')
      expect((await editor.untilCount(2))[0]?.id).toBe('1')
    },
  },
  mode('K-052', 'merge', 'merge'),
  mode('K-053', 'group', 'group'),
  mode('K-054', 'join', 'join'),
  mode('K-054', 'slice', 'slice'),
  {
    row: 'K-055',
    id: 'cancel',
    before: async (editor) => {
      await press(editor, 'N')
      await editor.until('mode', 'draw')
    },
    judge: (editor) => editor.until('mode', 'idle'),
  },
  {
    row: 'K-056',
    id: 'rotate-right',
    judge: async (editor) => {
      await editor.until('angle', 90)
      await press(editor, findCommand('rotate-left').keys[0]!)
      await editor.until('angle', 0)
    },
  },
  {
    row: 'K-060',
    id: 'attribute-object-next',
    mock: two,
    query: '?defaultWorkspace=attributes',
    judge: async (editor) => {
      await editor.until('active', 2)
      await press(editor, findCommand('attribute-object-prev').keys[0]!)
      await editor.until('active', 1)
    },
  },
  {
    row: 'K-061',
    id: 'attribute-next',
    mock: two,
    query: '?defaultWorkspace=attributes',
    judge: async (editor) => {
      const shown = () => editor.byId('attribute-current').getAttribute('data-attribute')
      await until(shown, 'parked')
      await press(editor, findCommand('attribute-prev').keys[0]!)
      await until(shown, 'colour')
    },
  },
  {
    row: 'K-062',
    id: 'attribute-value-3',
    mock: two,
    query: '?defaultWorkspace=attributes',
    judge: (editor) => until(() => editor.byId('attribute-value-3').getAttribute('aria-pressed'), 'true'),
  },
  {
    row: 'K-063',
    id: 'delete',
    mock: two,
    query: '?defaultWorkspace=attributes',
    before: (editor) => editor.until('active', 1),
    judge: (editor) => editor.untilCount(1),
  },
  { row: 'K-064', id: 'tag-add', query: '?defaultWorkspace=tags', judge: (editor) => editor.untilCount(1) },
  { row: 'K-065', id: 'tag-2', query: '?defaultWorkspace=tags', judge: (editor) => editor.untilCount(1) },
  {
    row: 'K-066',
    id: 'single-draw',
    query: '?defaultWorkspace=single_shape',
    before: async (editor) => {
      await press(editor, 'Esc')
      await editor.until('mode', 'idle')
    },
    judge: async (editor) => {
      await editor.until('mode', 'draw')
      await press(editor, 'Esc')
    },
  },
  {
    row: 'K-067',
    id: 'issue-open',
    query: '?defaultWorkspace=review',
    judge: async (editor) => {
      await editor.until('mode', 'issue')
      await press(editor, 'Esc')
      await editor.until('mode', 'idle')
    },
  },
]

for (const { row, id, mock = {}, query = '', before, judge } of rows) {
  const { keys } = findCommand(id)
  test(`${row}: ${keys.join(' and ')} (${id})`, async () => {
    expect(keys.length).toBeGreaterThan(0)
    const editor = await fixture.open(mock, query)
    for (const one of keys) {
      await before?.(editor)
      await press(editor, one)
      await judge(editor)
    }
  })
}

test('K-020: a command without keys gets some, which are kept; a clash is named', async () => {
  const editor = await fixture.open({ frames: 12 })
  await press(editor, 'F2')
  await editor.byId('settings-shortcuts').click()
  await editor.byId('shortcut-search').fill('file name')
  await editor.byId('shortcut-frame-search').click()
  await editor.page.keyboard.press('Control+s')
  await editor.byId('shortcut-conflict').waitFor()
  expect(await editor.byId('shortcut-conflict').textContent()).toContain('Save')
  await editor.byId('shortcut-keep').click()
  await editor.byId('shortcut-frame-search').click()
  await editor.page.keyboard.press('Control+j')
  await until(() => editor.byId('shortcut-frame-search').getAttribute('data-keys'), 'Ctrl+J')
  await editor.page.keyboard.press('Escape')
  await editor.byId('settings-dialog').waitFor({ state: 'detached' })
  await editor.page.reload()
  await editor.ready()
  await editor.page.keyboard.press('Control+j')
  await editor.byId('frame-search').fill('0011')
  await editor.page.keyboard.press('Enter')
  await editor.until('frame', 11)
})

test('a taken key moves to the new command, and all defaults come back', async () => {
  const editor = await fixture.open({ frames: 12 })
  await press(editor, 'F2')
  await editor.byId('settings-shortcuts').click()
  await editor.byId('shortcut-frame-next').click()
  await editor.page.keyboard.press('d')
  await editor.byId('shortcut-take').click()
  await until(() => editor.byId('shortcut-frame-prev').getAttribute('data-keys'), '')
  await until(() => editor.byId('shortcut-frame-next').getAttribute('data-keys'), 'F, D')
  await editor.byId('settings-close').click()
  await editor.byId('canvas').focus()
  await editor.page.keyboard.press('d')
  await editor.until('frame', 1)
  await press(editor, 'F2')
  await editor.byId('settings-shortcuts').click()
  await editor.byId('shortcut-reset').click()
  await until(() => editor.byId('shortcut-frame-prev').getAttribute('data-keys'), 'D')
  await editor.byId('settings-close').click()
  await editor.byId('canvas').focus()
  await editor.page.keyboard.press('d')
  await editor.until('frame', 0)
})

test('the palette finds any command by words, and runs it', async () => {
  const editor = await fixture.open()
  await press(editor, 'Ctrl+K')
  await editor.byId('palette-input').fill('workspace rev')
  await until(() => editor.page.locator('[role="option"]').count(), 1)
  await editor.page.keyboard.press('Enter')
  await editor.until('workspace', 'review')
  await press(editor, 'Ctrl+K')
  await editor.byId('palette-input').fill('zzz')
  await until(() => editor.page.locator('[role="option"]').count(), 0)
  await editor.page.keyboard.press('Escape')
  await editor.byId('command-palette').waitFor({ state: 'detached' })
})

test('the sheet of keys lists every command that has some', async () => {
  const editor = await fixture.open()
  await press(editor, 'F1')
  const lines = await editor.byId('help-dialog').locator('.ed-key-line').count()
  const labels = 3
  const listed = commands.filter(({ id, keys }) => {
    const place = /^label-(?:quick-)?(\d+)$/.exec(id)?.[1]
    return keys.length > 0 && (place === undefined || Number(place) <= labels)
  })
  expect(lines).toBeGreaterThan(listed.length)
  await editor.page.keyboard.press('Escape')
})
