// 2,000 damaged datasets for every reader, the same ones each time: no crash, no hang, no memory that stays.
import { expect, test } from 'bun:test'
import { nameFormat } from '../../src/formats/format'
import { fuzzOnce, importers, loadSeeds } from '../../src/formats/testing/fuzz'

const rounds = 2000
const maxRssMb = 500

test.each(importers.map((format) => [nameFormat(format), format] as const))(
  '%s',
  async (_, format) => {
    const seeds = await loadSeeds(format)
    const findings: unknown[] = []
    for (let round = 0; round < rounds; round++) {
      const finding = await fuzzOnce(format, seeds, round)
      if (finding) findings.push(finding)
    }
    expect(findings).toEqual([])
    Bun.gc(true)
    expect(process.memoryUsage.rss() / 2 ** 20).toBeLessThan(maxRssMb)
  },
  300_000,
)
