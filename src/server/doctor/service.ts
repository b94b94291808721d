// Asks every question of the doctor and, when told to, mends what can be mended without losing anything.
import { type Check, type Finding, fail } from './check'
import { backgroundChecks } from './checks/background'
import { backupChecks } from './checks/backups'
import { configurationChecks } from './checks/configuration'
import { databaseChecks } from './checks/database'
import { hostChecks } from './checks/hosts'
import { networkChecks } from './checks/network'
import { placeChecks } from './checks/places'
import { programChecks } from './checks/programs'

export type { Check, Finding, State } from './check'

export const checks: readonly Check[] = [
  ...configurationChecks,
  ...placeChecks,
  ...databaseChecks,
  ...backgroundChecks,
  ...backupChecks,
  ...hostChecks,
  ...programChecks,
  ...networkChecks,
]

/** A finding with the question that it answers; `fixed` says how it was mended. */
export type Diagnosis = { id: string; about: string; fixed?: string } & Omit<Finding, 'fix'>

const patienceMs = 60_000

const look = async (check: Check): Promise<Finding> => {
  const late = Promise.withResolvers<never>()
  const timer = setTimeout(() => late.reject(new Error(`no answer within ${patienceMs / 1000} s`)), patienceMs)
  try {
    return await Promise.race([Promise.resolve().then(check.look), late.promise])
  } catch (error) {
    return fail((error as Error).message, 'mend what the message names, then ask again')
  } finally {
    clearTimeout(timer)
  }
}

/**
 * Asks one question after the other. With `isFixing` every finding that can be mended is, and the question is asked again.
 * Questions never fail: what cannot be asked is a finding.
 */
export async function* examine(isFixing = false, asked: readonly Check[] = checks): AsyncGenerator<Diagnosis> {
  for (const check of asked) {
    const { id, about } = check
    const { fix, ...finding } = await look(check)
    if (!fix || !isFixing) {
      yield { id, about, ...finding }
      continue
    }
    try {
      const fixed = await fix()
      const { fix: _, ...again } = await look(check)
      yield { id, about, ...again, fixed }
    } catch (error) {
      yield { id, about, ...finding, words: `${finding.words}; mending failed: ${(error as Error).message}` }
    }
  }
}
