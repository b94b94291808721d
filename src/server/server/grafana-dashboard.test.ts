// The dashboard for Grafana asks for numbers and labels that the server gives.
import { expect, test } from 'bun:test'
import dashboard from '../../../deploy/grafana-dashboard.json'
import { call } from '../../../tests/api'
import { config, setConfig } from '../config'

/** What Prometheus adds by itself. */
const added = { names: ['up'], labels: ['job', 'instance', 'le'] }
const expressions = dashboard.panels.flatMap(({ targets }) => targets.map(({ expr }) => expr))

/** Name → labels that the server gives. A name without a number yet has its labels in the sources only. */
const readNumbers = async (): Promise<Map<string, Set<string>>> => {
  const initial = config()
  setConfig({ ...initial, metrics_token: 'look' })
  // Requests are counted when they are answered: the second look sees the first.
  const look = () => call('GET', '/metrics', { headers: { authorization: 'Bearer look' } })
  await look()
  const { status, text } = await look()
  setConfig(initial)
  expect(status).toBe(200)
  const found = new Map<string, Set<string>>()
  for (const [, name] of text.matchAll(/^# TYPE (\w+) /gm)) found.set(name!, new Set())
  for (const [, name, labels] of text.matchAll(/^(\w+?)(?:\{(.*)\})? \S+$/gm)) {
    const known = found.get(name!) ?? new Set()
    found.set(name!, known)
    for (const [, label] of (labels ?? '').matchAll(/(\w+)="/g)) known.add(label!)
  }
  return found
}

test('every number and label of the dashboard exists', async () => {
  const numbers = await readNumbers()
  expect(expressions.length).toBeGreaterThan(15)
  const missing: string[] = []
  for (const expression of expressions) {
    const selectors = [...expression.matchAll(/([a-z_]+)\{([^}]*)\}/g)]
    expect({ expression, count: selectors.length }).not.toMatchObject({ count: 0 })
    for (const [, name, matchers] of selectors) {
      if (!numbers.has(name!) && !added.names.includes(name!)) missing.push(name!)
      for (const [, label] of matchers!.matchAll(/(\w+)=/g))
        if (!numbers.get(name!)?.has(label!) && !added.labels.includes(label!)) missing.push(`${name}: ${label}`)
    }
    const known = new Set(selectors.flatMap(([, name]) => [...(numbers.get(name!) ?? [])]))
    for (const [, grouped] of expression.matchAll(/ by \(([^)]*)\)/g))
      for (const label of grouped!.split(', '))
        if (!known.has(label) && !added.labels.includes(label)) missing.push(`${expression}: ${label}`)
  }
  expect(missing).toEqual([])
})

test('panels lie beside each other, and every number of our own is shown', async () => {
  const cells = new Set<string>()
  for (const { title, gridPos } of dashboard.panels)
    for (let x = gridPos.x; x < gridPos.x + gridPos.w; x++)
      for (let y = gridPos.y; y < gridPos.y + gridPos.h; y++) {
        expect({ title, x, y, taken: cells.has(`${x} ${y}`), fits: x < 24 }).toMatchObject({ taken: false, fits: true })
        cells.add(`${x} ${y}`)
      }
  const text = expressions.join('\n')
  const own = [...(await readNumbers()).keys()].filter((name) => name.startsWith('annolith_'))
  expect(own.filter((name) => !text.includes(name.replace(/_(bucket|sum|count)$/, '')))).toEqual([])
})
