// Marks, order, filters with fields, undo, typed questions and the mouse, on a pane made for this test.
import { describe, expect, test } from 'bun:test'
import { listTabs } from './draw-tabs'
import { filterRows, listFields, readWords } from './filter-rows'
import { definePane, type Loaded, type Outcome, type Preparation } from './pane'
import { currentData, currentPane, type Effect, layoutOf, listRows, type State, selectedRow, startState } from './state'
import { type Event, step } from './step'

type Fruit = { id: number; name: string; grams: number; ripe: boolean }

const fruits = definePane<Fruit>({
  name: 'fruits',
  title: 'Fruits',
  about: 'What grows.',
  columns: [
    { title: 'Name', width: 'rest', show: ({ name }) => name },
    { title: 'Weighs', width: 8, right: true, show: ({ grams }) => `${grams} g`, sort: ({ grams }) => grams },
    { title: 'Is ripe', width: 8, show: ({ ripe }) => (ripe ? 'ripe' : 'green') },
  ],
  fields: { number: ({ id }) => String(id) },
  id: ({ id }) => String(id),
  label: ({ name }) => name,
  load: async () => ({ rows: [] }),
  details: async () => [],
  actions: [
    { key: 'e', label: 'eat', needs: 'rows', isOffered: ({ ripe }) => ripe, run: async () => ({ said: 'eaten' }) },
    {
      key: 't',
      label: 'trees',
      needs: 'row',
      goTo: ({ name }) => ({ pane: 'trees', filter: `name:${name}` }),
      run: async () => ({ said: '' }),
    },
  ],
  empty: 'Nothing grows.',
  refreshSeconds: 1,
})
const trees = definePane<Fruit>({ ...fruits, name: 'trees', title: 'Trees', actions: [], isFollowed: true } as never)

const rows: Fruit[] = ['apple', 'banana', 'cherry', 'date', 'elder berry'].map((name, i) => ({
  id: i + 1,
  name,
  grams: [150, 120, 8, 9, 1][i]!,
  ripe: i % 2 === 0,
}))
const loaded = (found: Fruit[], more: Partial<Loaded<unknown>> = {}, pane = 'fruits', filter = ''): Event => ({
  kind: 'loaded',
  pane,
  filter,
  loaded: { rows: found, ...more },
})

/** Runs events from a loaded pane; a string stands for keys with spaces between, `_` for the space bar. */
const play = (...events: (Event | string)[]) => {
  let state = step(startState([fruits, trees], { columns: 80, rows: 24 }), loaded(rows)).state
  const effects: Effect[] = []
  for (const event of events) {
    const list: Event[] =
      typeof event === 'string' ? event.split(' ').map((key) => ({ kind: 'key', key: key === '_' ? ' ' : key })) : [event]
    for (const one of list) {
      const after = step(state, one)
      state = after.state
      effects.push(...after.effects)
    }
  }
  return { state, effects }
}
const namesOf = (list: unknown[]) => (list as Fruit[]).map(({ name }) => name)
const listed = (state: State) => namesOf(listRows(state))
const marked = (state: State) => [...currentData(state).marked].sort().join()
const selectedName = (state: State) => (selectedRow(state) as Fruit | undefined)?.name

describe('the filter', () => {
  test.each([
    ['an', ['banana']],
    ['weighs:1', ['apple', 'banana', 'elder berry']],
    ['is-ripe:green', ['banana', 'date']],
    ['is:ripe -cherry', ['apple', 'elder berry']],
    ['-is:ripe', ['banana', 'date']],
    ['number:3', ['cherry']],
    ['number:#3', ['cherry']],
    ['name:berry', ['elder berry']],
    ['name:rry', []],
    ['"elder b"', ['elder berry']],
    ['name:"elder b', ['elder berry']],
    ['nothing:here', []],
    ['-', ['apple', 'banana', 'cherry', 'date', 'elder berry']],
    ['', ['apple', 'banana', 'cherry', 'date', 'elder berry']],
  ])('“%s” leaves %p', (filter, expected) => {
    expect(namesOf(filterRows(fruits, rows, filter))).toEqual(expected)
  })
  test('tells its fields, and gives servers the plain words', () => {
    expect(listFields(fruits)).toEqual(['name', 'weighs', 'is-ripe', 'number'])
    expect(readWords('red state:ripe -green "two')).toBe('red two')
  })
  test('is asked of the server only when there is more than one look brings', () => {
    const asked = (state: State) => step(state, { kind: 'key', key: 'C-r' }).effects[0] as Effect & { filter: string }
    expect(asked(play('/ b enter').state).filter).toBe('')
    const partial = play(loaded(rows, { total: 5000 }), '/ b enter').state
    expect(asked(partial).filter).toBe('b')
    // The answer to the filter is whole, which says nothing of what there is without it.
    expect(asked(step(partial, loaded(rows.slice(1, 2), { total: 1 }, 'fruits', 'b')).state).filter).toBe('b')
  })
  test('of an action that leads to another pane is there at once', () => {
    const { state, effects } = play('t')
    expect([currentPane(state).name, currentData(state).filter]).toEqual(['trees', 'name:apple'])
    expect(effects).toContainEqual({ do: 'load', pane: 'trees', filter: 'name:apple' })
  })
})

describe('the order', () => {
  test('is that of the columns, numbers by size, and turns round', () => {
    expect(listed(play('> >').state)).toEqual(['elder berry', 'cherry', 'date', 'banana', 'apple'])
    expect(listed(play('> > =').state)[0]).toBe('apple')
    expect(listed(play('<').state).slice(0, 2)).toEqual(['banana', 'date'])
    expect(listed(play(': s o r t', { kind: 'key', key: ' ' }, 'w e enter').state)[0]).toBe('elder berry')
  })
  test('keeps the selection', () => {
    expect(selectedName(play('j > >').state)).toBe('banana')
  })
})

describe('marks', () => {
  test.each([
    ['_ _', '1,2'],
    ['_ k _', ''],
    ['_ j j v', '1,2,3,4'],
    ['G v', '5'],
    ['*', '1,2,3,4,5'],
    ['* *', ''],
    ['/ a n enter *', '2'],
    ['* escape', ''],
  ])('keys “%s” mark %s', (keys, ids) => {
    expect(marked(play(keys).state)).toBe(ids)
  })
  test('go with their rows', () => {
    expect(marked(play('*', loaded(rows.slice(3))).state)).toBe('4,5')
  })
  test('an action takes the marked rows that it fits, and asks before it touches several', () => {
    const { effects, state } = play('* e')
    const prepare = effects.find((effect) => effect.do === 'prepare')!
    expect(namesOf(prepare.pending.rows)).toEqual(['apple', 'cherry', 'elder berry'])
    const asked = step(state, { kind: 'prepared', pending: prepare.pending, preparation: { kind: 'none' } })
    expect(asked.state.mode).toMatchObject({ kind: 'question', text: 'eat: 3 rows?' })
    const begun = step(asked.state, { kind: 'key', key: 'y' })
    expect(begun.effects).toEqual([{ do: 'run', pending: prepare.pending, values: {} }])
    const under = step(begun.state, { kind: 'progress', pending: prepare.pending, done: 2 })
    expect(under.state.mode).toMatchObject({ kind: 'running', done: 2 })
    const ended = step(under.state, { kind: 'done', pending: prepare.pending, outcome: { said: 'eaten' } })
    expect(marked(ended.state)).toBe('')
  })
  test('rows that the filter hides are not touched', () => {
    const { effects } = play('* / a p p enter e')
    expect(namesOf(effects.find((effect) => effect.do === 'prepare')!.pending.rows)).toEqual(['apple'])
  })
  test('the ids of all of them are copied', () => {
    expect(play('_ _ y').effects).toContainEqual({ do: 'copy', text: '1\n2' })
    expect(play('y').effects).toContainEqual({ do: 'copy', text: '1' })
  })
})

/** From pressing e on the first row to the answer. */
const eat = (preparation: Preparation, keys: string, outcome?: Outcome) => {
  const before = play('e')
  const { pending } = before.effects.find((effect) => effect.do === 'prepare')!
  let after = step(before.state, { kind: 'prepared', pending, preparation })
  for (const key of keys ? keys.split(' ') : []) after = step(after.state, { kind: 'key', key })
  return outcome ? step(after.state, { kind: 'done', pending, outcome }) : after
}

test('what cannot be undone has to be typed', () => {
  const question: Preparation = { kind: 'question', text: 'Eat for good?', typed: 'apple' }
  expect(eat(question, 'y').effects).toEqual([])
  expect(eat(question, 'a p p l enter').effects).toEqual([])
  expect(eat(question, 'a p p l e enter').effects).toMatchObject([{ do: 'run' }])
  expect(eat(question, 'a escape').state).toMatchObject({ mode: { kind: 'list' }, message: { text: 'Nothing was changed.' } })
})

test('the last change is undone by z, once', () => {
  let undone = 0
  const undo = { said: 'Uneaten.', run: async () => void undone++ }
  const done = eat({ kind: 'none' }, '', { said: 'Eaten.', undo })
  expect(done.state.message?.text).toBe('Eaten. z undoes it.')
  const begun = step(done.state, { kind: 'key', key: 'z' })
  const [effect] = begun.effects
  if (effect?.do !== 'run') throw new Error('z does nothing')
  return effect.pending.action.run(undefined, {}).then((outcome) => {
    expect([outcome.said, undone]).toEqual(['Uneaten.', 1])
    const ended = step(begun.state, { kind: 'done', pending: effect.pending, outcome })
    expect(ended.state).toMatchObject({ mode: { kind: 'list' }, undos: [], message: { text: 'Uneaten.' } })
    expect(step(ended.state, { kind: 'key', key: 'z' }).state.message?.text).toBe('There is nothing to undo.')
  })
})

test('a followed list stays at its end until somebody moves away', () => {
  const more = [...rows, { id: 6, name: 'fig', grams: 40, ripe: true }]
  const opened = play('2', loaded(rows, {}, 'trees'))
  expect(selectedName(opened.state)).toBe('elder berry')
  expect(selectedName(step(opened.state, loaded(more, {}, 'trees')).state)).toBe('fig')
  const away = play('2', loaded(rows, {}, 'trees'), 'k', loaded(more, {}, 'trees'))
  expect(selectedName(away.state)).toBe('date')
  expect(selectedName(step(away.state, { kind: 'key', key: 'f' }).state)).toBe('fig')
})

describe('the mouse', () => {
  const click = (x: number, y: number): Event => ({ kind: 'mouse', does: 'click', x, y })
  const { list, details } = layoutOf(play().state)
  test('selects a row, and opens it by a second click', () => {
    const { state } = play(click(5, list.top + 4))
    expect([selectedName(state), state.mode.kind]).toEqual(['cherry', 'list'])
    expect(step(state, click(5, list.top + 4)).state.mode.kind).toBe('details')
    expect(selectedName(play(click(5, list.top + 15)).state)).toBe('apple')
  })
  test('sorts by a title, and turns round', () => {
    const x = list.left + list.width - 14
    expect(listed(play(click(x, list.top + 1)).state)[0]).toBe('elder berry')
    expect(listed(play(click(x, list.top + 1), click(x, list.top + 1)).state)[0]).toBe('apple')
  })
  test('opens a pane and goes to the details', () => {
    const tab = listTabs(play().state).find(({ name }) => name === 'trees')!
    expect(currentPane(play(click(tab.left + 2, 0)).state).name).toBe('trees')
    expect(play(click(details.left + 3, details.top + 3)).state.mode.kind).toBe('details')
  })
  test('the wheel moves what is below it', () => {
    expect(selectedName(play({ kind: 'mouse', does: 'wheel-down', x: 3, y: list.top + 3 }).state)).toBe('date')
    const scrolled = play({ kind: 'mouse', does: 'wheel-down', x: details.left + 3, y: details.top + 3 })
    expect([selectedName(scrolled.state), currentData(scrolled.state).detailsTop]).toEqual(['apple', 3])
  })
  test('can be left to the terminal', () => {
    expect(play(': m o u s e enter').effects).toContainEqual({ do: 'mouse', isOn: false })
  })
  test('does nothing behind a dialog', () => {
    const asked = eat({ kind: 'question', text: 'Eat it?' }, '')
    expect(step(asked.state, click(5, list.top + 4)).state).toEqual(asked.state)
  })
})

describe('commands', () => {
  test('are completed, chosen by arrows, and take words', () => {
    expect(play(': t r tab').state.mode).toMatchObject({ kind: 'command', input: { text: 'trees ' } })
    const { state } = play(
      ': t r e',
      { kind: 'key', key: 'e' },
      { kind: 'key', key: 's' },
      { kind: 'key', key: ' ' },
      'p l u m enter',
    )
    expect([currentPane(state).name, currentData(state).filter]).toEqual(['trees', 'plum'])
    expect(currentPane(play(': down enter').state).name).toBe('trees')
  })
  test('run the actions of the pane', () => {
    expect(play(': e a t enter').effects).toMatchObject([{ do: 'prepare' }])
  })
})
