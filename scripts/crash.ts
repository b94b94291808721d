// `bun run crash --rounds 200`: kills the server again and again while people save, and counts what was acknowledged and is missing.
import { parseArgs } from 'node:util'
import { runKillLoop } from '../tests/crash/kill-loop.ts'

const { values: flags } = parseArgs({
  options: { rounds: { type: 'string', default: '200' }, writers: { type: 'string', default: '3' } },
})
const rounds = Number(flags.rounds)
const outcome = await runKillLoop({
  rounds,
  writers: Number(flags.writers),
  onRound: ({ rounds: done, saves, faults }) => {
    if ((done + 1) % 10 === 0)
      console.log(`${done + 1} of ${rounds} rounds, ${saves} saves acknowledged, ${faults.length} faults`)
  },
})
const { saves, shapes, lostAnswers, faults } = outcome
console.log(
  `${outcome.rounds} kills, ${saves} acknowledged saves with ${shapes} new shapes; lost answers: ${lostAnswers.stored} stored, ${lostAnswers.dropped} not`,
)
for (const fault of faults) console.error(fault)
console.log(faults.length ? `${faults.length} faults` : 'nothing acknowledged is missing')
process.exit(faults.length ? 1 : 0)
