// Counts passed and failed tests of a JUnit file, and writes one for checks that are not bun tests.

export type Counts = { passed: number; failed: number }

/** Sums over `<testsuites>`; undefined when the text is no JUnit report. */
export const countTests = (xml: string): Counts | undefined => {
  const [, head] = /<testsuites\b([^>]*)>/.exec(xml) ?? []
  if (head === undefined) return undefined
  const read = (name: string) => Number(new RegExp(`\\b${name}="(\\d+)"`).exec(head)?.[1] ?? 0)
  const failed = read('failures') + read('errors')
  return { passed: read('tests') - failed - read('skipped'), failed }
}

/** A run that ended badly although no test failed (a crash, an error between tests) counts as one failure; so does a missing report. */
export const judgeRun = (counts: Counts | undefined, exitCode: number): Counts => {
  const { passed, failed } = counts ?? { passed: 0, failed: 0 }
  const isSilent = failed === 0 && (exitCode !== 0 || !counts || passed === 0)
  return { passed, failed: isSilent ? 1 : failed }
}

const escapeXml = (text: string) => text.replace(/[<>&"]/g, (char) => `&#${char.charCodeAt(0)};`)

export type Check = { name: string; seconds: number; failure?: string }

export const formatChecks = (suite: string, checks: Check[]): string => {
  const failures = checks.filter(({ failure }) => failure !== undefined).length
  const cases = checks.map(({ name, seconds, failure }) => {
    const body = failure === undefined ? '' : `<failure message="${escapeXml(name)} failed">${escapeXml(failure)}</failure>`
    return `    <testcase name="${escapeXml(name)}" classname="${suite}" time="${seconds.toFixed(3)}">${body}</testcase>\n`
  })
  const totals = `tests="${checks.length}" failures="${failures}" skipped="0"`
  return `<?xml version="1.0" encoding="UTF-8"?>\n<testsuites name="${suite}" ${totals}>\n  <testsuite name="${suite}" ${totals}>\n${cases.join('')}  </testsuite>\n</testsuites>\n`
}
