// Names every text that scripts show on pages, and those that would go to the screen past the catalogue; read from the syntax of the sources. For tests.
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { Glob } from 'bun'
import ts from 'typescript-5'

const folder = join(import.meta.dir, '..')

/** Words for people begin with a capital and go on small. */
const sentence = /^\p{Lu}\p{Ll}+(?:[ ,.…:?!’'-]|$)/u
/** Keys, headers, names of errors and of what other interfaces are called. */
const notShown = new Set(
  'Escape Enter Tab Home End Delete Backspace Control Shift Content-Type X-CSRFToken Tus-Resumable Location AbortError Content Files'
    .concat(' ArrowUp ArrowDown ArrowLeft ArrowRight')
    .split(' '),
)
const isNotShown = (text: string) => notShown.has(text) || /^(?:Upload|Tus|If|X)-/.test(text)
/** Properties that people read or hear. */
const shown = /^'?(?:aria-label|title|placeholder|alt|label|hint)'?$/

type Found = { texts: Set<string>; past: string[] }

const literalsOf = (node: ts.Node | undefined): string[] => {
  if (!node) return []
  if (ts.isStringLiteral(node) || ts.isNoSubstitutionTemplateLiteral(node)) return [node.text]
  if (ts.isParenthesizedExpression(node) || ts.isNonNullExpression(node)) return literalsOf(node.expression)
  if (ts.isConditionalExpression(node)) return [...literalsOf(node.whenTrue), ...literalsOf(node.whenFalse)]
  if (ts.isBinaryExpression(node)) return [...literalsOf(node.left), ...literalsOf(node.right)]
  return []
}

const readCall = (call: ts.CallExpression, { texts }: Found) => {
  const name = call.expression.getText()
  const [first, second, third] = call.arguments
  if (name === 't') for (const text of literalsOf(first)) texts.add(text)
  if (name === 'tn') for (const text of [...literalsOf(second), ...literalsOf(third)]) texts.add(text)
  if (name === 'plural') for (const noun of literalsOf(second)) texts.add(noun).add(`${noun}s`)
}

const isTranslated = (node: ts.Node): boolean => {
  for (let at = node.parent; at; at = at.parent) {
    if (ts.isCallExpression(at) && /^tn?$/.test(at.expression.getText())) return true
    if (ts.isFunctionLike(at)) return false
  }
  return false
}

/** Whether a literal lies in a function: what stands outside is data, which is translated where it is shown. */
const isInFunction = (node: ts.Node): boolean => {
  for (let at = node.parent; at; at = at.parent) if (ts.isFunctionLike(at)) return true
  return false
}

const isForCode = ({ parent }: ts.Node) =>
  (ts.isBinaryExpression(parent) && /^[!=]==?$/.test(parent.operatorToken.getText())) ||
  ts.isLiteralTypeNode(parent) ||
  ts.isImportDeclaration(parent) ||
  ts.isCaseClause(parent) ||
  ts.isElementAccessExpression(parent) ||
  (ts.isNewExpression(parent) && /Event|DOMException|RegExp/.test(parent.expression.getText()))

const readFile = (path: string, found: Found) => {
  const source = ts.createSourceFile(path, readFileSync(join(folder, path), 'utf8'), ts.ScriptTarget.Latest, true)
  const visit = (node: ts.Node): void => {
    if (ts.isCallExpression(node)) readCall(node, found)
    if (ts.isStringLiteral(node) || ts.isNoSubstitutionTemplateLiteral(node)) {
      const isSentence = sentence.test(node.text) && !isNotShown(node.text) && !isForCode(node)
      const isRead =
        ts.isPropertyAssignment(node.parent) &&
        node.parent.initializer === node &&
        shown.test(node.parent.name.getText()) &&
        /\p{L}{2}/u.test(node.text)
      if (isSentence) found.texts.add(node.text)
      if ((isSentence || isRead) && isInFunction(node) && !isTranslated(node)) found.past.push(`${path}: ${node.text}`)
    }
    // `Deletes ${name}` cannot be looked up: it is a text with a value.
    if (ts.isTemplateExpression(node) && sentence.test(node.head.text)) found.past.push(`${path}: ${node.getText()}`)
    ts.forEachChild(node, visit)
  }
  visit(source)
}

/** `texts`: what the catalogue must have. `past`: what is shown without being looked up. */
export const readIslands = (): Found => {
  const found: Found = { texts: new Set(), past: [] }
  for (const path of new Glob('*.ts').scanSync({ cwd: folder })) if (!/\.(?:test|d)\.ts$/.test(path)) readFile(path, found)
  return found
}

/** Every literal of the islands: data that is shown through a variable stands among them. */
export const collectLiterals = (): Set<string> => {
  const found = new Set<string>()
  for (const path of new Glob('*.ts').scanSync({ cwd: folder })) {
    if (/\.(?:test|d)\.ts$/.test(path)) continue
    const source = ts.createSourceFile(path, readFileSync(join(folder, path), 'utf8'), ts.ScriptTarget.Latest, true)
    const visit = (node: ts.Node): void => {
      if (ts.isStringLiteral(node) || ts.isNoSubstitutionTemplateLiteral(node)) found.add(node.text)
      ts.forEachChild(node, visit)
    }
    visit(source)
  }
  return found
}
