// `bun run fuzz --minutes N`: damages datasets and feeds them to every reader, N minutes in all; --format narrows, --seed starts elsewhere.
import { parseArgs } from 'node:util'
import { nameFormat } from '../src/formats/format.ts'
import { fuzzOnce, importers, loadSeeds } from '../src/formats/testing/fuzz.ts'

const { values: flags } = parseArgs({
  options: { minutes: { type: 'string', default: '1' }, format: { type: 'string' }, seed: { type: 'string', default: '1' } },
})
const maxRssMb = 500
const chosen = importers.filter(
  (format) => !flags.format || nameFormat(format).toLowerCase().includes(flags.format.toLowerCase()),
)
const secondsEach = (Number(flags.minutes) * 60) / chosen.length
let bad = 0
let rounds = 0
for (const format of chosen) {
  const seeds = await loadSeeds(format)
  const deadline = performance.now() + secondsEach * 1000
  let round = Number(flags.seed) * 1_000_000
  for (; performance.now() < deadline; round++) {
    const finding = await fuzzOnce(format, seeds, round)
    if (!finding) continue
    bad++
    console.error(`${finding.format}, round ${finding.round}, ${finding.seconds.toFixed(2)} s:`, finding.error)
  }
  const count = round - Number(flags.seed) * 1_000_000
  rounds += count
  Bun.gc(true)
  const rssMb = process.memoryUsage.rss() / 2 ** 20
  console.log(`${nameFormat(format).padEnd(44)} ${String(count).padStart(7)} rounds, ${rssMb.toFixed(0)} MB`)
  if (rssMb > maxRssMb) {
    bad++
    console.error(`more than ${maxRssMb} MB are in use`)
  }
}
console.log(`${rounds} rounds, ${bad} findings`)
process.exit(bad ? 1 : 0)
