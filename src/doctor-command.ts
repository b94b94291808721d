// `annolith doctor`: prints what the doctor finds, as lines for people or JSON for scripts.

import { ConfigError, type Flags, readConfig, setConfig } from './server/config'
import type { Diagnosis } from './server/doctor/service'

const marks = { ok: 'ok      ', warning: 'warning ', failed: 'FAILED  ', skipped: 'skipped ' } as const

/** Answers the exit code: 1 when something failed, 0 otherwise; warnings do not count. */
export const runDoctor = async (flags: Flags & { fix?: unknown; json?: unknown }): Promise<number> => {
  try {
    setConfig(readConfig(flags))
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error
    const finding = {
      id: 'config-valid',
      about: 'The configuration can be read',
      state: 'failed',
      words: error.message,
      mend: 'annolith config check',
    }
    console.log(
      flags.json
        ? JSON.stringify([finding], null, 2)
        : `${marks.failed}${finding.id}: ${finding.words}\n        → ${finding.mend}`,
    )
    return 1
  }
  const { checks, examine } = await import('./server/doctor/service')
  const found: Diagnosis[] = []
  for await (const diagnosis of examine(Boolean(flags.fix))) {
    found.push(diagnosis)
    if (flags.json) continue
    const { state, id, words, mend, fixed } = diagnosis
    console.log(`${marks[state]}${id}: ${words}`)
    if (fixed) console.log(`        mended: ${fixed}`)
    else if (mend) console.log(`        → ${mend}`)
  }
  const count = (state: keyof typeof marks) => found.filter((one) => one.state === state).length
  if (flags.json) console.log(JSON.stringify(found, null, 2))
  else
    console.log(
      `${checks.length} questions: ${count('failed')} failed, ${count('warning')} warnings, ${count('skipped')} skipped`,
    )
  return count('failed') ? 1 : 0
}
