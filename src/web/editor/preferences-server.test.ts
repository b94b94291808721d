// Settings of a person between browser and server: sent once, kept here until sent, other parts left alone, never more than fits.
import { expect, test } from 'bun:test'
import { parsePreferences } from './preferences'
import { fitParts, type Parts, PersonSettings } from './preferences-server'

const open = (stored: Parts = {}, kept = new Map<string, string>()) => {
  const server = { parts: stored, down: false, writes: 0 }
  const due: (() => void)[] = []
  const settings = new PersonSettings(
    'ann',
    {
      read: async () => {
        if (server.down) throw new Error('down')
        return structuredClone(server.parts)
      },
      write: async (parts) => {
        if (server.down) throw new Error('down')
        server.writes += 1
        server.parts = structuredClone(parts)
      },
    },
    { read: (key) => kept.get(key) ?? null, write: (key, value) => void kept.set(key, value) },
    (run) => void due.push(run),
  )
  return { settings, server, kept, due }
}

test('what changes goes to the server, beside parts of others; what is equal is not sent', async () => {
  const { settings, server, due } = open({ pages: { list: 20 }, editor: { a: 1 } })
  expect(await settings.load()).toEqual({ pages: { list: 20 }, editor: { a: 1 } })
  settings.set('editor', { a: 1 })
  expect(due.length).toBe(0)
  settings.set('editor', { a: 2 })
  settings.set('editor', { a: 3 })
  server.parts.pages = { list: 50 }
  await settings.send()
  expect(server).toMatchObject({ writes: 1, parts: { pages: { list: 50 }, editor: { a: 3 } } })
})

test('without the server changes stay here, come before what it has, and are sent later', async () => {
  const { settings, server, kept } = open({ editor: { a: 1 } })
  await settings.load()
  server.down = true
  settings.set('editor', { a: 2 })
  await settings.send()
  const again = open({ editor: { a: 1 }, keys: {} }, kept)
  expect(await again.settings.load()).toEqual({ editor: { a: 2 }, keys: {} })
  expect(again.due.length).toBe(1)
  await again.settings.send()
  expect(again.server.parts).toEqual({ editor: { a: 2 }, keys: {} })
  const third = open({ editor: { a: 9 } }, kept)
  expect(await third.settings.load()).toEqual({ editor: { a: 9 } })
  third.server.down = true
  expect(await third.settings.load()).toEqual({})
})

test('a change during sending is sent too', async () => {
  const { settings, server } = open()
  await settings.load()
  settings.set('editor', 1)
  const sending = settings.send()
  settings.set('editor', 2)
  await sending
  expect(server).toMatchObject({ parts: { editor: 2 }, writes: 2 })
})

test('keys of projects that were changed longest ago make room', () => {
  const many = Object.fromEntries(
    Array.from({ length: 40 }, (_, i) => [`keys:project-${i + 1}`, { 'label-1': ['ü'.repeat(1000)] }]),
  )
  const fitted = fitParts({ editor: { a: 1 }, ...many })
  expect(new TextEncoder().encode(JSON.stringify(fitted)).length).toBeLessThanOrEqual(60 * 1024)
  expect(fitted.editor).toEqual({ a: 1 })
  expect(Object.keys(fitted)).not.toContain('keys:project-1')
  expect(Object.keys(fitted)).toContain('keys:project-40')
})

test('foreign values of a stored record are passed over', () => {
  const { settings } = parsePreferences(JSON.stringify({ settings: { step: 'many', speed: 12, unknown: 1 } }))
  expect([settings.step, settings.speed, 'unknown' in settings]).toEqual([10, 12, false])
})
