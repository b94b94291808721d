// What the doctor finds, asked in the background and kept for ten minutes: some of its questions take seconds.
import { checks, type Diagnosis, examine } from '../doctor/service'
import { found, invalid } from '../http/errors'

export type Examination = {
  /** When the newest answer came; null before the first. */
  asked_date: string | null
  is_running: boolean
  /** How many questions there are. */
  total: number
  findings: (Diagnosis & { can_fix: boolean })[]
}

/** Some questions read the whole database; who wants to know now asks again. */
const keptMs = 600_000
const findings = new Map<string, Diagnosis>()
let askedAt = 0
let asking: Promise<void> | undefined

/** Questions whose findings can be mended from afar as well; known once they were asked. */
const fixable = new Set<string>()

const ask = async () => {
  for (const check of checks) {
    // Whether it can be mended is seen by the look itself, which examine() does not tell.
    const look = async () => {
      const finding = await check.look()
      fixable[finding.fix ? 'add' : 'delete'](check.id)
      return finding
    }
    for await (const found of examine(false, [{ ...check, look }])) findings.set(found.id, found)
  }
  askedAt = Date.now()
}

const patienceMs = 1500

/** Starts to ask when the answers are older than that or `isFresh`, waits for a moment, and answers what is known. */
export const readExamination = async (isFresh = false): Promise<Examination> => {
  if (!asking && (isFresh || Date.now() - askedAt > keptMs))
    asking = ask().finally(() => {
      asking = undefined
    })
  await Promise.race([asking, Bun.sleep(patienceMs)])
  return {
    asked_date: askedAt ? new Date(askedAt).toISOString() : null,
    is_running: asking !== undefined,
    total: checks.length,
    findings: checks.flatMap(({ id }) => {
      const finding = findings.get(id)
      return finding ? [{ ...finding, can_fix: fixable.has(id) }] : []
    }),
  }
}

/** Mends what one question finds, when that loses nothing. Throws 404 for an unknown question, 400 when there is nothing to mend. */
export const fixFinding = async (id: string): Promise<Diagnosis> => {
  const check = found(checks.find((one) => one.id === id))
  for await (const diagnosis of examine(true, [check])) {
    findings.set(id, diagnosis)
    if (diagnosis.fixed === undefined && diagnosis.state !== 'ok')
      throw invalid({ id: diagnosis.mend ? `This cannot be mended from here: ${diagnosis.mend}.` : diagnosis.words })
    return diagnosis
  }
  throw new Error('the doctor did not answer')
}
