// Names every text that the pages translate: what the code hands to `t`, and what the kit's parts are given. For tests.
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { Glob } from 'bun'

const root = join(import.meta.dir, '../../../..')
const sources = ['src/web/ui/**/*.{ts,tsx}', 'src/server/**/*.tsx']

/** Parts of the kit that translate what they are given, with the names of the properties. */
const parts: Record<string, string[]> = {
  Field: ['label', 'hint'],
  TextField: ['label', 'hint'],
  AreaField: ['label', 'hint'],
  ChoiceField: ['label', 'hint'],
  CheckField: ['label'],
  StorageChoice: ['label', 'hint'],
  FrameStorage: ['label', 'hint'],
  SortHead: ['label'],
  MenuEntry: ['label'],
  Empty: ['title', 'text'],
}

const listOfPart = (code: string): string[] =>
  Object.entries(parts).flatMap(([part, names]) =>
    [...code.matchAll(new RegExp(`<${part}\\s((?:[^<>]|=>)*)`, 'g'))].flatMap(([, properties]) =>
      names.flatMap((name) => new RegExp(`\\b${name}="([^"]+)"`).exec(properties!)?.[1] ?? []),
    ),
  )

const listOfCalls = (code: string): string[] =>
  [...code.matchAll(/\bt\(\s*'((?:[^'\\\n]|\\.)+)'/g)].map(([, text]) => text!.replace(/\\(.)/g, '$1'))

/** Labels in lists of data: `label: 'Tasks'`, and those of list-fields.ts. */
const listOfData = (code: string, path: string): string[] => [
  ...(/ui\/(layout|list-fields)\.tsx?$/.test(path) ? [...code.matchAll(/\blabel: '([^']+)'/g)].map(([, text]) => text!) : []),
  ...(path.endsWith('ui/list-fields.ts')
    ? [...code.matchAll(/\b(?:text|number|time|choice|isMine)\(\s*'[^']*',\s*'([^']+)'/g)].map(([, text]) => text!)
    : []),
]

/** Titles and explanations of error pages, by their status. */
const listOfErrors = (code: string, path: string): string[] =>
  path.endsWith('auth/page-visit.tsx') ? [...code.matchAll(/^ {2}\d{3}: '([^']+)'/gm)].map(([, text]) => text!) : []

/** Nouns of lists, in both numbers. */
const listOfNouns = (code: string): string[] =>
  [...code.matchAll(/\bnoun="([a-z]+)"/g)].flatMap(([, noun]) => [noun!, noun!.replace(/s$/, '')])

export const collectTexts = (): Set<string> => {
  const found = new Set<string>()
  for (const pattern of sources)
    for (const path of new Glob(pattern).scanSync({ cwd: root })) {
      if (/\.test\.|i18n\//.test(path)) continue
      const code = readFileSync(join(root, path), 'utf8')
      for (const text of [
        ...listOfPart(code),
        ...listOfCalls(code),
        ...listOfData(code, path),
        ...listOfNouns(code),
        ...listOfErrors(code, path),
      ])
        found.add(text)
    }
  return found
}
