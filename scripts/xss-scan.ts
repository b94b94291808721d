// Runs the XSS scan of Kita's TSX over our pages; it asks for the JavaScript API of TypeScript 5, which the project's compiler no longer has.
import { plugin } from 'bun'
import ts from 'typescript-5'

plugin({
  name: 'typescript-5',
  setup(build) {
    build.module('typescript', () => ({ loader: 'object', exports: { ...ts, default: ts, __esModule: true } }))
  },
})
await import('../node_modules/@kitajs/ts-html-plugin/dist/cli.js' as string)
