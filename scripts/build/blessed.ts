// Build plugin: makes blessed's computed requires and its terminal descriptions part of the executable.

import { existsSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import type { BunPlugin } from 'bun'
import { toRawName } from './raw-file.ts'

const aliases = { ListBar: 'Listbar', PNG: 'ANSIImage' }

/** blessed requires its widgets by computed names, which a bundler cannot follow: name each one. */
const writeWidgets = (path: string) => {
  const names = [...readFileSync(path, 'utf8').matchAll(/^ {2}'(\w+)',?$/gm)].map(([, name]) => name!)
  const widgets = names.filter((name) => existsSync(join(dirname(path), 'widgets', `${name.toLowerCase()}.js`)))
  return [
    'const widget = exports',
    `widget.classes = ${JSON.stringify(widgets)}`,
    `widget.aliases = ${JSON.stringify(aliases)}`,
    ...widgets.map((name) => `widget.${name} = widget.${name.toLowerCase()} = require('./widgets/${name.toLowerCase()}')`),
    ...Object.entries(aliases).map(([alias, name]) => `widget.${alias} = widget.${alias.toLowerCase()} = widget.${name}`),
  ].join('\n')
}

/** Descriptions that blessed brings for machines without a terminfo database, or one that does not know the terminal. */
const terminals = ['xterm', 'xterm-256color', 'linux', 'windows-ansi']

const writeTerminals = (path: string) => {
  const text = readFileSync(path, 'utf8')
  const entries = terminals.map(
    (name) => `${JSON.stringify(name)}: require(${JSON.stringify(toRawName(join(dirname(path), '../usr', name)))})`,
  )
  const lookup = `const embeddedTerminals = { ${entries.join(', ')} }
const findTerminal = (name) => { const file = embeddedTerminals[name] ?? embeddedTerminals.xterm; return file.default ?? file }`
  const replaced = text
    .replace("this.injectTerminfo(__dirname + '/../usr/xterm')", "this.injectTerminfo(findTerminal('xterm'))")
    .replace("this.injectTerminfo(__dirname + '/../usr/' + name)", 'this.injectTerminfo(findTerminal(name))')
  if (replaced.split('findTerminal(').length !== 3)
    throw new Error(`${path} is not as expected: its terminal descriptions cannot be embedded`)
  return `${lookup}\n${replaced}`
}

export const embedBlessed: BunPlugin = {
  name: 'embed-blessed',
  setup(build) {
    build.onLoad({ filter: /blessed\/lib\/widget\.js$/ }, ({ path }) => ({ loader: 'js', contents: writeWidgets(path) }))
    build.onLoad({ filter: /blessed\/lib\/tput\.js$/ }, ({ path }) => ({ loader: 'js', contents: writeTerminals(path) }))
  },
}
