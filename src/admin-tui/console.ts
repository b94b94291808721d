// Runs the state machine against the world: keys come in, services are called, the screen is drawn.
import { describeError } from './describe-error'
import { draw } from './draw'
import type { Mouse } from './mouse'
import type { Outcome, Pane } from './pane'
import type { Screen } from './screen'
import { showCount } from './show-values'
import { type Effect, loadOf, type Pending, type State, type Status, startState } from './state'
import { type Event, listStale, step } from './step'

export type Hearing = { onKey: (key: string) => void; onMouse: (mouse: Omit<Mouse, 'kind'>) => void; onResize: () => void }

export type Surroundings = {
  panes: readonly Pane[]
  openScreen: (hearing: Hearing) => Screen
  readStatus: () => Promise<Omit<Status, 'time'>>
  /** Seconds between two looks at the status. */
  statusSeconds: number
}

/** Runs an action for its rows, one after the other; what fails stops nothing but is told. */
const runAll = async (
  { action, row, rows }: Pending,
  values: Record<string, string>,
  onDone: (done: number) => void,
): Promise<Outcome> => {
  if (rows.length < 2) return action.run(row, values)
  const outcomes: Outcome[] = []
  const refusals: string[] = []
  for (const one of rows) {
    try {
      outcomes.push(await action.run(one, values))
    } catch (error) {
      refusals.push(describeError(error).text)
    }
    onDone(outcomes.length + refusals.length)
  }
  if (!outcomes.length) throw new Error(`None of ${showCount(rows.length, 'row')} was changed: ${refusals[0]}`)
  const undos = outcomes.flatMap(({ undo }) => undo ?? []).reverse()
  const failed = refusals.length ? ` ${refusals.length} not: ${refusals[0]}` : ''
  return {
    said: `${action.label}: ${showCount(outcomes.length, 'row')}.${failed}`,
    ...(undos.length && {
      undo: {
        said: `Undone: ${action.label}, ${showCount(undos.length, 'row')}.`,
        run: async () => {
          for (const undo of undos) await undo.run()
        },
      },
    }),
  }
}

export type Console = {
  /** Resolves when the person quits; rejects when the console itself fails. */
  ended: Promise<void>
  /** Shows a line that something in this process printed; the same one in a row once. */
  notice: (text: string) => void
  /** Gives the terminal back. */
  close: () => void
}

export const startConsole = ({ panes, openScreen, readStatus, statusSeconds }: Surroundings): Console => {
  const { promise: ended, resolve: quit, reject: fail } = Promise.withResolvers<void>()
  /** Loads under way: a slow database or queue is not asked twice at a time. */
  const underWay = new Set<string>()
  /** Loads to repeat because the filter changed meanwhile or an action was done. */
  const again = new Map<string, Effect>()
  /** When each pane was loaded last, by the clock of the console in seconds. */
  const loadedAt = new Map<string, number>()
  let seconds = 0
  let isDrawn = false

  /** Runs something of the console's own; a mistake in it ends the console instead of hiding. */
  const guard = (work: () => void) => {
    try {
      work()
    } catch (error) {
      fail(error)
    }
  }

  const once = async (key: string, effect: Effect | undefined, work: () => Promise<void>) => {
    if (underWay.has(key)) {
      if (effect) again.set(key, effect)
      return
    }
    underWay.add(key)
    await work()
    underWay.delete(key)
    const next = again.get(key)
    again.delete(key)
    if (next) perform(next)
  }

  const findPane = (name: string) => panes.find((pane) => pane.name === name)!
  const refuse = (pending: Pending) => (error: unknown) => send({ kind: 'refused', pending, ...describeError(error) })

  const effects: { [K in Effect['do']]: (effect: Extract<Effect, { do: K }>) => unknown } = {
    load: (effect) => {
      loadedAt.set(effect.pane, seconds)
      return once(`load ${effect.pane}`, effect, () =>
        findPane(effect.pane)
          .load(effect.filter)
          .then((loaded) => send({ kind: 'loaded', pane: effect.pane, filter: effect.filter, loaded }))
          .catch((error) => send({ kind: 'load-failed', pane: effect.pane, text: describeError(error).text })),
      )
    },
    details: (effect) =>
      once(`details ${effect.pane}`, effect, () => {
        const pane = findPane(effect.pane)
        return pane
          .details(effect.row)
          .catch((error) => [{ text: describeError(error).text, tone: 'bad' as const }])
          .then((lines) => send({ kind: 'details', pane: effect.pane, id: pane.id(effect.row), lines }))
      }),
    prepare: async ({ pending }) => {
      try {
        const preparation = (await pending.action.prepare?.(pending.row, pending.rows)) ?? { kind: 'none' as const }
        send({ kind: 'prepared', pending, preparation })
      } catch (error) {
        refuse(pending)(error)
      }
    },
    run: ({ pending, values }) =>
      runAll(pending, values, (done) => send({ kind: 'progress', pending, done })).then(
        (outcome) => send({ kind: 'done', pending, outcome }),
        refuse(pending),
      ),
    copy: ({ text }) => screen.copy(text),
    mouse: ({ isOn }) => screen.setMouse(isOn),
    redraw: () => screen.redraw(),
    quit: () => quit(),
  }
  const perform = (effect: Effect) => (effects[effect.do] as (effect: Effect) => unknown)(effect)

  /** Many events in a row are drawn once. */
  const drawSoon = () => {
    if (isDrawn) return
    isDrawn = true
    setImmediate(() => {
      isDrawn = false
      guard(() => screen.show(draw(state)))
    })
  }

  const send = (event: Event) =>
    guard(() => {
      const { state: next, effects: wanted } = step(state, event)
      state = next
      for (const effect of wanted) perform(effect)
      drawSoon()
    })

  const lookAtStatus = () =>
    once('status', undefined, async () => {
      const status = await readStatus()
      send({ kind: 'status', status: { ...status, time: new Date() } })
    })

  const screen = openScreen({
    onKey: (key) => send({ kind: 'key', key }),
    onMouse: (mouse) => send({ kind: 'mouse', ...mouse }),
    onResize: () => send({ kind: 'resized', size: screen.size() }),
  })
  let state: State = startState(panes, screen.size())
  perform(loadOf(state))
  lookAtStatus().catch(fail)
  drawSoon()

  const clock = setInterval(() => {
    seconds++
    if (state.status) send({ kind: 'status', status: { ...state.status, time: new Date() } })
    for (const effect of listStale(state, (pane) => seconds - (loadedAt.get(pane) ?? -Infinity))) perform(effect)
    if (seconds % statusSeconds === 0) lookAtStatus().catch(fail)
  }, 1000)

  let lastNotice = ''
  return {
    ended,
    notice: (text) => {
      if (text.trim() && text !== lastNotice) send({ kind: 'notice', text: text.trim() })
      lastNotice = text
    },
    close: () => {
      clearInterval(clock)
      screen.close()
    },
  }
}
