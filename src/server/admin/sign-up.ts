// Who may register, as an administrator has chosen: kept in annolith.toml, in force at once.
import { existsSync, readFileSync, renameSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { config, setConfig } from '../config'
import { invalid } from '../http/errors'

export type SignUp = 'open' | 'closed'
const choices: readonly string[] = ['open', 'closed']

const configFile = () => process.env.ANNOLITH_CONFIG ?? join(config().dataDir, 'annolith.toml')

/** The file with one line of the top table set; everything else stays as it is. */
export const setLine = (text: string, key: string, value: string): string => {
  const line = `${key} = ${JSON.stringify(value)}`
  const lines = text === '' ? [] : text.split('\n')
  const tables = lines.findIndex((one) => /^\s*\[/.test(one))
  const end = tables < 0 ? lines.length : tables
  const at = lines.findIndex((one, i) => i < end && new RegExp(`^\\s*${key}\\s*=`).test(one))
  if (at >= 0) return lines.toSpliced(at, 1, line).join('\n')
  return [line, ...lines].join('\n').replace(/\n?$/, '\n')
}

/** A variable goes before the file, so the choice stands only where none is set. */
export const isSignUpFixed = () => Boolean(process.env.ANNOLITH_SIGN_UP)

/** Throws 400 when the choice is none, or made elsewhere. */
export const chooseSignUp = (wanted: string | undefined) => {
  if (!wanted || !choices.includes(wanted)) throw invalid({ sign_up: 'Choose one of the list.' })
  if (isSignUpFixed()) throw invalid({ sign_up: 'The variable ANNOLITH_SIGN_UP decides this.' })
  const file = configFile()
  const text = existsSync(file) ? readFileSync(file, 'utf8') : ''
  const temporary = `${file}.${crypto.randomUUID()}`
  writeFileSync(temporary, setLine(text, 'sign_up', wanted), { mode: 0o600 })
  renameSync(temporary, file)
  setConfig(Object.freeze({ ...config(), sign_up: wanted as SignUp }))
}
