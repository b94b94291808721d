// What keys and answers do to the state of the console, on a pane made for this test.
import { describe, expect, test } from 'bun:test'
import { definePane, type Loaded } from './pane'
import { currentData, currentPane, type Effect, layoutOf, listRows, type State, selectedRow, startState } from './state'
import { type Event, step } from './step'

type Fruit = { id: number; name: string; ripe: boolean }

const fruits = definePane<Fruit>({
  name: 'fruits',
  title: 'Fruits',
  about: 'What grows.',
  columns: [
    { title: 'Name', width: 'rest', show: ({ name }) => name },
    { title: 'State', width: 8, show: ({ ripe }) => (ripe ? 'ripe' : 'green') },
  ],
  id: ({ id }) => String(id),
  label: ({ name }) => name,
  load: async () => ({ rows: [] }),
  details: async () => [],
  actions: [
    { key: 'n', label: 'plant', needs: 'nothing', run: async () => ({ said: 'planted' }) },
    { key: 'e', label: 'eat', needs: 'row', isOffered: ({ ripe }) => ripe, run: async () => ({ said: 'eaten' }) },
  ],
  empty: 'Nothing grows.',
  refreshSeconds: 1,
})
const trees = definePane<Fruit>({ ...fruits, name: 'trees', title: 'Trees' } as never)

const names = ['apple', 'banana', 'cherry', 'date', 'elder berry']
const rows: Fruit[] = names.map((name, i) => ({ id: i + 1, name, ripe: i % 2 === 0 }))
const loaded = (found: Fruit[], more: Partial<Loaded<unknown>> = {}): Event => ({
  kind: 'loaded',
  pane: 'fruits',
  filter: '',
  loaded: { rows: found, ...more },
})

/** Runs events from a loaded pane and collects the effects; a string stands for keys with spaces between. */
const play = (...events: (Event | string)[]) => {
  let state = step(startState([fruits, trees], { columns: 80, rows: 24 }), loaded(rows)).state
  const effects: Effect[] = []
  for (const event of events) {
    const list: Event[] = typeof event === 'string' ? event.split(' ').map((key) => ({ kind: 'key', key })) : [event]
    for (const one of list) {
      const after = step(state, one)
      state = after.state
      effects.push(...after.effects)
    }
  }
  return { state, effects }
}
const selectedName = (state: State) => (selectedRow(state) as Fruit | undefined)?.name
const pendingOf = (effects: Effect[]) => effects.flatMap((effect) => (effect.do === 'prepare' ? [effect.pending] : [])).at(-1)!

test.each([
  ['', 'apple'],
  ['j', 'banana'],
  ['down down', 'cherry'],
  ['k', 'apple'],
  ['G', 'elder berry'],
  ['G j', 'elder berry'],
  ['end up', 'date'],
  ['pagedown', 'elder berry'],
  ['G home', 'apple'],
])('keys “%s” select %s', (keys, name) => {
  expect(selectedName(play(...(keys ? [keys] : [])).state)).toBe(name)
})

describe('filter', () => {
  test('holds every word, in any column', () => {
    expect(listRows(play('/ e r').state)).toHaveLength(2)
    const { state } = play('/ r i p e', { kind: 'key', key: ' ' }, 'b e r')
    expect(listRows(state).map((row) => (row as Fruit).name)).toEqual(['elder berry'])
    expect(selectedName(state)).toBe('elder berry')
  })
  test('stays after Enter, goes with Esc', () => {
    expect(currentData(play('/ b a n enter').state).filter).toBe('ban')
    expect(currentData(play('/ b a n enter escape').state).filter).toBe('')
    expect(currentData(play('/ b a n escape').state).filter).toBe('')
  })
  test('asks the service again when not everything was loaded', () => {
    const { effects } = play(loaded(rows, { total: 5000 }), '/ b')
    expect(effects).toContainEqual({ do: 'load', pane: 'fruits', filter: 'b' })
  })
  test('an answer to an older filter does not replace the rows', () => {
    const { state } = play(loaded(rows, { total: 5000 }), '/ b', loaded([], { total: 5000 }))
    expect(listRows(state)).toHaveLength(2)
  })
})

describe('selection after a refresh', () => {
  test('follows its row', () => {
    expect(selectedName(play('j j', loaded(rows.slice(1))).state)).toBe('cherry')
  })
  test('takes the next row when its own is gone', () => {
    expect(selectedName(play('j j', loaded(rows.filter(({ name }) => name !== 'cherry'))).state)).toBe('date')
  })
  test('is nothing in an empty list', () => {
    const { state } = play(loaded([]))
    expect(selectedRow(state)).toBeUndefined()
    expect(play(loaded([]), 'enter j e').state.mode.kind).toBe('list')
  })
  test('is always in sight', () => {
    const many = Array.from({ length: 200 }, (_, i) => ({ id: i, name: `fruit ${i}`, ripe: true }))
    const { state } = play(loaded(many), 'G', { kind: 'resized', size: { columns: 80, rows: 12 } })
    const { top } = currentData(state)
    expect(selectedName(state)).toBe('fruit 199')
    expect(199 - top).toBeLessThan(layoutOf(state).listRows)
    expect(199 - top).toBeGreaterThanOrEqual(0)
  })
})

describe('panes and commands', () => {
  test.each([
    ['2', 'trees'],
    ['2 1', 'fruits'],
    ['9', 'fruits'],
    [': t r enter', 'trees'],
    [': t tab enter', 'trees'],
    [': t escape', 'fruits'],
  ])('keys “%s” open %s', (keys, name) => {
    expect(currentPane(play(keys).state).name).toBe(name)
  })
  test.each(['q', 'C-c', ': q enter', ': q u i t enter', '/ C-c', '? C-c'])('keys “%s” quit', (keys) => {
    expect(play(keys).effects).toContainEqual({ do: 'quit' })
  })
  test('an unknown command says so', () => {
    expect(play(': x enter').state.message?.text).toStartWith('“:x” is no command: :fruits :trees')
  })
  test('q closes the help only', () => {
    const { state, effects } = play('? q')
    expect(state.mode.kind).toBe('list')
    expect(effects).not.toContainEqual({ do: 'quit' })
  })
})

describe('actions', () => {
  const form = {
    kind: 'form' as const,
    title: 'Plant',
    fields: [
      { name: 'name', label: 'Name', kind: 'text' as const, isRequired: true as const },
      { name: 'place', label: 'Place', kind: 'pick' as const, options: ['garden', 'forest'], value: 'forest' },
    ],
  }
  const prepare = (keys: string, ...rest: (Event | string)[]) => {
    const pending = pendingOf(play(keys).effects)
    return { pending, ...play(keys, { kind: 'prepared', pending, preparation: form }, ...rest) }
  }

  test('one that does not apply says so and does nothing', () => {
    const { state, effects } = play('j e')
    expect(state.message?.text).toBe('“eat” does not apply to this row.')
    expect(effects.some((effect) => effect.do === 'prepare')).toBe(false)
  })
  test('a question runs on y only', () => {
    const { effects, state } = play('e')
    const pending = pendingOf(effects)
    expect(pending.row).toBe(rows[0])
    const asked: Event = { kind: 'prepared', pending, preparation: { kind: 'question', text: 'Eat it?' } }
    expect(state.mode.kind).toBe('preparing')
    const run: Effect = { do: 'run', pending, values: {} }
    // The pending action is made anew by each play, hence compared by its parts.
    const runs = (keys: string) => {
      const before = play('e')
      const own = pendingOf(before.effects)
      let after = step(before.state, { ...asked, pending: own } as Event)
      for (const key of keys.split(' ')) after = step(after.state, { kind: 'key', key })
      return after
    }
    expect(runs('y').effects).toEqual([run])
    expect(runs('enter').state.mode.kind).toBe('question')
    expect(runs('n').state).toMatchObject({ mode: { kind: 'list' }, message: { text: 'Nothing was changed.' } })
    expect(runs('escape').effects).toEqual([])
  })
  test('keys typed ahead go into the form', () => {
    const before = play('n f i g enter')
    const after = step(before.state, { kind: 'prepared', pending: pendingOf(before.effects), preparation: form })
    expect(after.state.mode).toMatchObject({ kind: 'form', form: { at: 1, fields: [{ input: { text: 'fig' } }, {}] } })
    const sent = step(after.state, { kind: 'key', key: 'enter' })
    expect(sent.effects).toMatchObject([{ do: 'run', values: { name: 'fig', place: 'forest' } }])
  })
  test('a refusal goes to its field and keeps what was typed', () => {
    const before = play('n f i g enter')
    const pending = pendingOf(before.effects)
    let after = step(before.state, { kind: 'prepared', pending, preparation: form })
    after = step(after.state, { kind: 'key', key: 'enter' })
    after = step(after.state, { kind: 'refused', pending, text: 'name: taken', fields: { name: 'taken', soil: 'too dry' } })
    expect(after.state.mode).toMatchObject({
      kind: 'form',
      form: { at: 0, problems: { name: 'taken', '': 'soil: too dry' }, fields: [{ input: { text: 'fig' } }, {}] },
    })
  })
  test('an answer to something given up is not taken', () => {
    const { state } = prepare('n')
    expect(state.mode.kind).toBe('preparing')
    const given = play('n escape')
    const after = step(given.state, { kind: 'prepared', pending: pendingOf(given.effects), preparation: form })
    expect(after.state.mode.kind).toBe('list')
  })
  test('success says so, selects the new row and loads', () => {
    const before = play('n')
    const pending = pendingOf(before.effects)
    let after = step(before.state, { kind: 'prepared', pending, preparation: { kind: 'none' } })
    expect(after.effects).toEqual([{ do: 'run', pending, values: {} }])
    after = step(after.state, { kind: 'done', pending, outcome: { said: 'Planted.', select: '6' } })
    expect(after.effects).toEqual([{ do: 'load', pane: 'fruits', filter: '' }])
    after = step(after.state, loaded([...rows, { id: 6, name: 'fig', ripe: false }]))
    expect(after.state).toMatchObject({ mode: { kind: 'list' }, message: { text: 'Planted.', tone: 'good' } })
    expect(selectedName(after.state)).toBe('fig')
  })
  test('keys pressed while an action runs do nothing', () => {
    const before = play('n')
    const running = step(before.state, { kind: 'prepared', pending: pendingOf(before.effects), preparation: { kind: 'none' } })
    expect(step(running.state, { kind: 'key', key: 'y' })).toEqual({ state: running.state, effects: [] })
  })
})

test('a load that fails keeps the rows and says why', () => {
  const { state } = play({ kind: 'load-failed', pane: 'fruits', text: 'no route to the garden' })
  expect(currentData(state).problem).toBe('no route to the garden')
  expect(listRows(state)).toHaveLength(5)
})
