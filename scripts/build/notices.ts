// Collects the licences of everything that is shipped and refuses licences that the project does not accept.
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { root } from './paths.ts'

const accepted =
  /^(MIT|MIT-0|BSD(-\d-Clause)?|0BSD|BSD-0-Clause|Apache-2\.0|ISC|MPL-2\.0|Unlicense|CC0-1\.0|BlueOak-1\.0\.0|Python-2\.0|OFL-1\.1)$/
/** libvips is linked dynamically and unpacked as a file of its own, which is what the LGPL asks for. */
const acceptedFor: [RegExp, RegExp][] = [[/^@img\/sharp-libvips-/, /^LGPL-3\.0-or-later$/]]

/** Packages whose package.json names no licence; each ships an MIT text in its own LICENSE file. */
const unstated: Record<string, string> = { decko: 'MIT', stickyfill: 'MIT' }

export type Notice = { name: string; version: string; licence: string; text: string }
type Manifest = {
  name: string
  version: string
  license?: string | { type: string }
  licenses?: { type: string }[]
  author?: string | { name: string }
  contributors?: (string | { name: string })[]
  dependencies?: Record<string, string>
  optionalDependencies?: Record<string, string>
}

const readManifest = (dir: string): Manifest => JSON.parse(readFileSync(join(dir, 'package.json'), 'utf8'))

const findPackage = (name: string, from: string): string | undefined => {
  const candidate = join(from, 'node_modules', name)
  if (existsSync(join(candidate, 'package.json'))) return candidate
  return from === root ? undefined : findPackage(name, dirname(from))
}

/** Folders of the production dependencies and theirs; optional ones of other platforms are simply not installed. */
export const listPackages = (): string[] => {
  const found = new Set<string>()
  const visit = (dir: string) => {
    const { dependencies, optionalDependencies } = readManifest(dir)
    for (const name of Object.keys({ ...dependencies, ...optionalDependencies })) {
      const next = findPackage(name, dir)
      if (!next || found.has(next)) continue
      found.add(next)
      visit(next)
    }
  }
  visit(root)
  return [...found]
}

const readLicence = ({ name, license, licenses }: Manifest): string => {
  if (typeof license === 'string') return license
  return license?.type ?? licenses?.map(({ type }) => type).join(' OR ') ?? unstated[name] ?? 'not stated'
}

/** An SPDX expression is accepted when one alternative is, all of whose parts are. */
export const isAccepted = (name: string, licence: string): boolean =>
  licence
    .replace(/[()]/g, '')
    .split(/ OR /)
    .some((all) =>
      all
        .split(/ AND /)
        .every((part) => accepted.test(part) || acceptedFor.some(([names, licences]) => names.test(name) && licences.test(part))),
    )

const standardTexts: Record<string, string[]> = {
  MIT: ['MIT.txt'],
  ISC: ['ISC.txt'],
  Unlicense: ['Unlicense.txt'],
  'Apache-2.0': ['Apache-2.0.txt'],
  'LGPL-3.0-or-later': ['LGPL-3.0.txt', 'GPL-3.0.txt'],
}

/** Packages that ship no text, or contain more than it tells. */
const ownTexts: [RegExp, string[]][] = [[/^onnxruntime-/, ['onnxruntime.txt', 'MIT.txt', 'Apache-2.0.txt']]]

const readStandard = (files: string[]) => files.map((file) => readFileSync(join(root, 'scripts/licences', file), 'utf8').trim())

const readText = (dir: string, manifest: Manifest, licence: string): string => {
  const [, special] = ownTexts.find(([names]) => names.test(manifest.name)) ?? []
  if (special) return readStandard(special).join('\n\n')
  const own = readdirSync(dir).filter((file) => /^(licen[cs]e|copying|notice)/i.test(file) && !file.endsWith('.js'))
  const texts = own.sort().map((file) => readFileSync(join(dir, file), 'utf8').trim())
  if (own.some((file) => !/^notice/i.test(file))) return texts.join('\n\n')
  const standard = standardTexts[licence]
  if (!standard) throw new Error(`${manifest.name} ships no text of its licence ${licence}; add one to scripts/licences`)
  const people = [manifest.author, ...(manifest.contributors ?? [])].map((person) =>
    typeof person === 'string' ? person : person?.name,
  )
  const holder = people.find((person) => person) ?? `the authors of ${manifest.name}`
  const readme = licence.startsWith('LGPL') ? [readFileSync(join(dir, 'README.md'), 'utf8').trim()] : [`Copyright (c) ${holder}`]
  return [...readme, ...texts, ...readStandard(standard)].join('\n\n')
}

/** The runtime is part of the executable, but of no package. */
const describeRuntime = (): Notice => ({
  name: 'Bun',
  version: Bun.version,
  licence: 'MIT, with parts under the LGPL and other licences',
  text: readStandard(['Bun.txt', 'MIT.txt', 'LGPL-2.0.txt', 'LGPL-2.1.txt']).join('\n\n'),
})

/** Notices of the runtime and all shipped packages, by name. Throws naming every package whose licence is not accepted. */
export const collectNotices = (): Notice[] => {
  const refused: string[] = []
  const notices = listPackages().map((dir): Notice => {
    const manifest = readManifest(dir)
    const licence = readLicence(manifest)
    if (!isAccepted(manifest.name, licence)) refused.push(`${manifest.name}@${manifest.version}: ${licence}`)
    return { name: manifest.name, version: manifest.version, licence, text: '' }
  })
  if (refused.length) throw new Error(`licences that are not accepted:\n  ${refused.join('\n  ')}`)
  const packages = listPackages().map((dir, i) => ({
    ...notices[i]!,
    text: readText(dir, readManifest(dir), notices[i]!.licence),
  }))
  return [describeRuntime(), ...packages].sort((a, b) =>
    a.name < b.name ? -1 : a.name > b.name ? 1 : a.version < b.version ? -1 : 1,
  )
}

/** The text file that is shipped; packages under the very same text share it. */
export const formatNotices = (notices: Notice[]): string => {
  const byText = Map.groupBy(notices, ({ text }) => text)
  const sections = [...byText].map(([text, group]) => {
    const names = group.map(({ name, version, licence }) => `${name} ${version} (${licence})`)
    return `${[...new Set(names)].join('\n')}\n\n${text}`
  })
  const rule = `\n\n${'-'.repeat(100)}\n\n`
  return `Annolith contains the following third-party software.${rule}${sections.join(rule)}\n`
}
