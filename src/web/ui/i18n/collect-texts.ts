// Names every text that the pages show, and those that would go to the screen past the catalogue; read from the syntax of the sources. For tests.
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { Glob } from 'bun'
import ts from 'typescript-5'

const root = join(import.meta.dir, '../../../..')
/** Pages, and what they show that is data: the fields of queries and the parts of the server. */
const sources = [
  'src/web/ui/**/*.{ts,tsx}',
  'src/server/**/*.tsx',
  'src/server/config.ts',
  'src/server/find/*.ts',
  'src/server/cloud-storages/provider-names.ts',
  'src/server/admin/health.ts',
  'src/server/admin/measure.ts',
  'src/server/webhooks/event-names.ts',
]

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
  BareLink: ['label'],
  BareRemove: ['label'],
  Empty: ['title', 'text'],
}

/** Properties that people read or hear. */
const shown =
  /^(label|title|aria-label|placeholder|hint|text|alt|heading|problem|data-delete-title|data-delete-text|data-delete-label|data-form-message|data-follow-text)$/

/** Words for people begin with a capital and go on small; names of keys, headers and programs look the same. */
const sentence = /^\p{Lu}\p{Ll}+(?:[ ,.…:?!’'-]|$)/u
const notShown = new Set([
  ...['Amazon S3', 'Azure Blob Storage', 'Google Cloud'],
  ...'Annolith Control+K Path Max-Age SameSite Set-Cookie PostgreSQL SQLite Redis Deutsch Azure Google JSON CSV OpenCV True False'.split(
    ' ',
  ),
])
/** What stands in inputs as an example is the same in every language. */
const isExample = (text: string) => /^(?:https?:|label:)|^\S+[-/.]\S*$/.test(text)

type Found = { texts: Set<string>; past: string[] }

const nameOf = (call: ts.CallExpression) => call.expression.getText()

/** Literals that an expression may become: of a choice between two, both. */
const literalsOf = (node: ts.Node | undefined): string[] => {
  if (!node) return []
  if (ts.isStringLiteral(node) || ts.isNoSubstitutionTemplateLiteral(node)) return [node.text]
  if (ts.isParenthesizedExpression(node) || ts.isAsExpression(node) || ts.isNonNullExpression(node))
    return literalsOf(node.expression)
  if (ts.isJsxExpression(node)) return literalsOf(node.expression)
  if (ts.isConditionalExpression(node)) return [...literalsOf(node.whenTrue), ...literalsOf(node.whenFalse)]
  if (ts.isBinaryExpression(node)) return [...literalsOf(node.left), ...literalsOf(node.right)]
  return []
}

const isInCode = (node: ts.Node) =>
  ts.isJsxElement(node.parent) && /^(code|kbd|pre)$/.test(node.parent.openingElement.tagName.getText())

/** Whether a literal is compared, imported, a key or a type: nobody sees those. */
const isOnlyForCode = (node: ts.Node): boolean => {
  const { parent } = node
  return (
    (ts.isBinaryExpression(parent) && /^[!=]==?$/.test(parent.operatorToken.getText())) ||
    ts.isImportDeclaration(parent) ||
    ts.isExportDeclaration(parent) ||
    ts.isLiteralTypeNode(parent) ||
    ts.isElementAccessExpression(parent) ||
    (ts.isPropertyAssignment(parent) && parent.name === node) ||
    (ts.isNewExpression(parent) && parent.expression.getText() === 'Error') ||
    (ts.isJsxAttribute(parent) && !shown.test(parent.name.getText()))
  )
}

const readCall = (call: ts.CallExpression, { texts }: Found) => {
  const name = nameOf(call)
  const [first, second, third] = call.arguments
  if (/^(t|say|sayAround)$/.test(name)) for (const text of literalsOf(first)) texts.add(text)
  if (name === 'tn') for (const text of [...literalsOf(second), ...literalsOf(third)]) texts.add(text)
  if (name === 'plural') for (const noun of literalsOf(second)) texts.add(noun).add(`${noun}s`)
}

const readAttribute = (attribute: ts.JsxAttribute, path: string, found: Found) => {
  const name = attribute.name.getText()
  const part = (attribute.parent.parent as ts.JsxOpeningElement).tagName.getText()
  const values = literalsOf(attribute.initializer)
  if (name === 'noun') for (const noun of values) found.texts.add(noun).add(noun.replace(/s$/, ''))
  else if (parts[part]?.includes(name)) for (const text of values) found.texts.add(text)
  else if (shown.test(name))
    for (const text of values)
      if (/\p{L}{2}/u.test(text) && !isExample(text) && attribute.initializer?.kind === ts.SyntaxKind.StringLiteral)
        found.past.push(`${path}: <${part} ${name}="${text}">`)
}

/** What an expression between tags puts there: literals of its choices, not what it compares. */
const putThere = (node: ts.Node | undefined): string[] => {
  if (!node) return []
  if (ts.isStringLiteral(node)) return [node.text]
  if (ts.isParenthesizedExpression(node) || ts.isAsExpression(node)) return putThere(node.expression)
  if (ts.isConditionalExpression(node)) return [...putThere(node.whenTrue), ...putThere(node.whenFalse)]
  if (ts.isBinaryExpression(node) && /^(&&|\|\||\?\?)$/.test(node.operatorToken.getText()))
    return [...(node.operatorToken.getText() === '&&' ? [] : putThere(node.left)), ...putThere(node.right)]
  return []
}

const readFile = (path: string, found: Found) => {
  const source = ts.createSourceFile(path, readFileSync(join(root, path), 'utf8'), ts.ScriptTarget.Latest, true)
  const isConfig = path.endsWith('server/config.ts')
  const visit = (node: ts.Node): void => {
    if (ts.isJsxText(node) && /\p{L}{2}/u.test(node.text) && !isInCode(node) && !notShown.has(node.text.trim()))
      found.past.push(`${path}: ${node.text.trim()}`)
    if (ts.isJsxExpression(node) && !ts.isJsxAttribute(node.parent) && !isInCode(node))
      for (const text of putThere(node.expression))
        if (/\p{L}{3}/u.test(text) && !notShown.has(text) && !text.startsWith('<!')) found.past.push(`${path}: {'${text}'}`)
    if (ts.isCallExpression(node)) readCall(node, found)
    if (ts.isJsxAttribute(node)) readAttribute(node, path, found)
    if (
      (ts.isStringLiteral(node) || ts.isNoSubstitutionTemplateLiteral(node)) &&
      sentence.test(node.text) &&
      !isConfig &&
      !isOnlyForCode(node)
    )
      if (!notShown.has(node.text)) found.texts.add(node.text)
    // What options mean begins with a small letter.
    if (isConfig && ts.isPropertyAssignment(node) && node.name.getText() === 'about')
      for (const text of literalsOf(node.initializer)) found.texts.add(text)
    ts.forEachChild(node, visit)
  }
  visit(source)
}

/** `texts`: what the catalogue must have. `past`: what stands in the markup itself. */
export const readPages = (): Found => {
  const found: Found = { texts: new Set(), past: [] }
  for (const pattern of sources)
    for (const path of new Glob(pattern).scanSync({ cwd: root })) if (!/\.test\.|i18n\//.test(path)) readFile(path, found)
  return found
}
export const collectTexts = (): Set<string> => readPages().texts
