// Twenty times kill -9 while people save; `bun run crash --rounds 200` does more.
import { expect, test } from 'bun:test'
import { runKillLoop } from './kill-loop'

test('what was acknowledged survives twenty kills, whole and with its history', async () => {
  const { rounds, saves, faults } = await runKillLoop({ rounds: 20 })
  expect(faults).toEqual([])
  expect([rounds, saves >= 20]).toEqual([20, true])
})
