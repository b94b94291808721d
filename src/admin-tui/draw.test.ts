// Every screen fits its size, whatever the size and the data; the help names every key.
import { describe, expect, test } from 'bun:test'
import { toAscii } from './ascii'
import { detailsBindings, listBindings, listHelp } from './bindings'
import { draw } from './draw'
import { drawGraph } from './draw-graph'
import { measureLine } from './frame'
import { definePane, type Pane } from './pane'
import { type State, startState } from './state'
import { type Event, step } from './step'

type Row = { id: number; name: string }
const hostile = '\x1b[2J\u202eevil 日本語日本語日本語 👩‍👩‍👧 with a very long name that goes on and on'
const pane = definePane<Row>({
  name: 'things',
  title: 'Things',
  about: 'A pane for this test.',
  columns: [
    { title: 'ID', width: 4, right: true, show: ({ id }) => String(id) },
    { title: 'Name', width: 'rest', show: ({ name }) => name },
    { title: 'Other', width: 'rest', from: 40, show: ({ name }) => name },
  ],
  id: ({ id }) => String(id),
  label: ({ name }) => name,
  load: async () => ({ rows: [] }),
  details: async () => [],
  actions: [{ key: 'n', label: 'new thing', needs: 'nothing', run: async () => ({ said: '' }) }],
  empty: 'No things yet. Press n to make one.',
  refreshSeconds: 1,
})

const counters = ['import', 'export', 'annotation', 'webhooks', 'quality'].map((label, i) => ({
  label,
  values: ['waiting', 'running', 'failed'].map((name) => ({ label: name, value: i * 100_000 })),
}))
const rows: Row[] = Array.from({ length: 60 }, (_, i) => ({ id: i, name: i ? `thing ${i}` : hostile }))
const board = definePane<Row>({
  ...(pane as Pane<Row>),
  name: 'figures',
  title: 'Figures',
  graph: ({ id }) => ({ samples: Array.from({ length: id * 3 }, (_, i) => (i * id) % 17), show: String }),
})
const pending = { action: pane.actions[0]!, row: undefined, rows: [] }
const field = (name: string, kind: 'text' | 'pick') => ({ name, label: hostile, kind, options: rows.map((row) => row.name) })
const setUp: Event[] = [
  { kind: 'loaded', pane: 'things', filter: '', loaded: { rows, counters, total: 4000 } },
  {
    kind: 'details',
    pane: 'things',
    id: '0',
    lines: [{ heading: hostile }, { label: 'Name', value: hostile }, { text: hostile }],
  },
  {
    kind: 'status',
    status: {
      database: 'PostgreSQL',
      users: 4000,
      queue: { waiting: 12345, running: 12, failed: 678 },
      server: { pid: 4194304, bytes: 2 ** 31 },
      disk_used: 97,
      version: '1.0.0',
      place: '',
      time: new Date(),
    },
  },
]
const keys = (text: string): Event[] => text.split(' ').map((key) => ({ kind: 'key', key }))
const prepared = (preparation: Extract<Event, { kind: 'prepared' }>['preparation']): Event => ({
  kind: 'prepared',
  pending,
  preparation,
})

const scenes: Record<string, Event[]> = {
  list: [],
  'last row': keys('G'),
  details: keys('enter j'),
  filter: keys('/ t h i n g'),
  'nothing found': keys('/ x x x'),
  command: keys(': u'),
  'chosen command': keys(': down down'),
  marked: [...keys('j'), { kind: 'key', key: ' ' }, ...keys('v G v')],
  sorted: keys('> > ='),
  'wide list': keys('w'),
  typed: [prepared({ kind: 'question', text: hostile, warning: hostile, typed: hostile }), ...keys('a b c')],
  unreachable: [{ kind: 'status', status: { place: 'https://annolith.example.org', unreachable: hostile, time: new Date() } }],
  help: keys('? down'),
  question: [prepared({ kind: 'question', text: hostile, warning: hostile })],
  form: [prepared({ kind: 'form', title: hostile, fields: [field('a', 'pick'), field('b', 'text')] }), ...keys('tab a b c')],
  refused: [{ kind: 'refused', pending, text: hostile, fields: {} }],
  unreadable: [
    { kind: 'loaded', pane: 'things', filter: '', loaded: { rows: [] } },
    { kind: 'load-failed', pane: 'things', text: hostile },
  ],
}

/** A scene; actions are on their way as if `n` had been pressed. */
const play = (columns: number, height: number, events: Event[]): State => {
  let state = startState([pane], { columns, rows: height })
  for (const event of [...setUp, ...events]) {
    if (event.kind === 'prepared') state = { ...state, mode: { kind: 'preparing', pending, keys: [] } }
    state = step(state, event).state
  }
  return state
}

const sizes: [number, number][] = [
  [80, 24],
  [120, 40],
  [200, 60],
  [71, 20],
  [50, 14],
  [40, 10],
  [10, 4],
]
const expectFit = (state: State, columns: number, height: number) => {
  for (const box of draw(state)) {
    expect(box.left + box.width).toBeLessThanOrEqual(columns)
    expect(box.top).toBeGreaterThanOrEqual(0)
    expect(box.top + box.height).toBeLessThanOrEqual(height)
    expect(box.lines.length).toBeLessThanOrEqual(box.height)
    for (const line of box.lines) {
      expect(measureLine(line)).toBeLessThanOrEqual(box.width)
      expect(line.map(({ text }) => text).join('')).not.toMatch(/[\p{Cc}\p{Cf}]/u)
    }
  }
}

describe.each(sizes)('at %d×%d', (columns, height) => {
  test.each(Object.keys(scenes))('%s fits', (name) => {
    expectFit(play(columns, height, scenes[name]!), columns, height)
  })
  test.each([1, 4, 9, 30])('%d tiles with graphs fit', (count) => {
    const loaded: Event = {
      kind: 'loaded',
      pane: 'figures',
      filter: '',
      loaded: { rows: rows.slice(0, count), note: { text: hostile, tone: 'warn' } },
    }
    let state = startState([board], { columns, rows: height })
    for (const event of [loaded, ...keys('j')]) state = step(state, event).state
    expectFit(state, columns, height)
    const id = String(Math.min(1, count - 1))
    const graph = { samples: [3, 1, 4, 1, 5], show: String }
    const details: Event = { kind: 'details', pane: 'figures', id, lines: [{ text: hostile }, { graph, rows: 12 }] }
    for (const event of [details, ...keys('enter j')]) state = step(state, event).state
    expectFit(state, columns, height)
  })
})

const read = (state: State) =>
  draw(state)
    .flatMap(({ lines }) => lines.map((line) => line.map(({ text }) => text).join('')))
    .join('\n')

test('list, counters, details and status are seen at 80×24', () => {
  const text = read(play(80, 24, keys('j')))
  expect(text).toContain('1 Things')
  expect(text).toContain('400000')
  expect(text).toContain('first 60 of 4000, / finds more')
  expect(text).toContain('thing 1')
  expect(text).toContain('n new thing')
  expect(text).toContain('PostgreSQL · 4000 users · 12345 waiting 12 running 678 failed')
})
test('marked rows, the order and their number are seen without colour', () => {
  const marks: Event[] = [...keys('j'), { kind: 'key', key: ' ' }, { kind: 'key', key: ' ' }]
  const text = read(play(80, 24, marks))
  expect(text).toContain('2 marked of 60')
  expect(text).toContain('│•   1')
  expect(read(play(80, 24, keys('>')))).toContain('ID↑')
  expect(read(play(80, 24, keys('> =')))).toContain('ID↓')
})
test('in ASCII nothing else is drawn, cell by cell', () => {
  for (const box of draw(play(80, 24, keys('?'))))
    for (const line of box.lines) {
      const text = line.map((span) => span.text).join('')
      const plain = toAscii(text)
      expect(plain).toMatch(/^[\x20-\x7e]*$/)
      expect(plain).toHaveLength(measureLine(line))
    }
  expect(toAscii('├ Zürich 日本 ⣿⠁')).toBe('? Zurich ???? #.')
})
test('graphs are as high as what they show, the newest at the right', () => {
  const show = String
  expect(drawGraph({ samples: [8, 8], show }, 1, 2)).toEqual(['⣿', '⣿'])
  expect(drawGraph({ samples: [4, 8], show }, 1, 2)).toEqual(['⢸', '⣿'])
  expect(drawGraph({ samples: [8], max: 16, show }, 2, 2)).toEqual(['  ', ' ⢸'])
  expect(drawGraph({ samples: [0, 0], show }, 1, 1)).toEqual([' '])
  // Little is seen as something.
  expect(drawGraph({ samples: [1, 1000], show }, 1, 1)).toEqual(['⣸'])
})
test('the selected row is marked without colour', () => {
  const list = draw(play(80, 24, keys('j j'))).find(({ name }) => name === 'list')!
  const marked = list.lines.filter((line) => line.some(({ inverse }) => inverse))
  expect(marked).toHaveLength(1)
  expect(marked[0]!.map(({ text }) => text).join('')).toContain('thing 2')
})
test('a secret is never drawn', () => {
  const fields = [
    { name: 'a', label: 'Password', kind: 'secret' as const },
    { name: 'b', label: 'Again', kind: 'secret' as const },
  ]
  const text = read(play(80, 24, [prepared({ kind: 'form', title: 'T', fields }), ...keys('h u n t e r 2 tab x y z')]))
  expect(text).toContain('•••••••')
  expect(text).not.toMatch(/hunter2|xyz/)
})
test('the field in focus is seen on a small screen, too', () => {
  const fields = ['a', 'b', 'c', 'd', 'e', 'f', 'g', 'h'].map((name) => ({ name, label: `Field ${name}`, kind: 'text' as const }))
  const form = prepared({ kind: 'form', title: 'T', fields })
  expect(read(play(40, 10, [form]))).toContain('Field a')
  expect(read(play(40, 10, [form, ...keys('tab tab tab tab tab')]))).toContain('Field f')
  expect(read(play(40, 10, [form, ...keys('S-tab')]))).toContain('Field h')
})
test('an empty pane says what to do next', () => {
  expect(read(play(80, 24, [{ kind: 'loaded', pane: 'things', filter: '', loaded: { rows: [] } }]))).toContain(
    'No things yet. Press n',
  )
})
test('the help names every key of the list and every action', () => {
  const shown = listHelp(play(80, 24, [])).flatMap(({ entries }) => entries.map((entry) => entry.shown))
  for (const binding of listBindings) expect(shown).toContain(binding.shown)
  for (const { key } of pane.actions) expect(shown).toContain(key)
  for (const { keys: bound, help } of detailsBindings) expect(bound.length > 0 && help.length > 0).toBe(true)
})
