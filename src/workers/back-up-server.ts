// Backs up the whole server to the configured target, and removes the backups that are too old.
import { backUpNow } from '../server/snapshots/service'
import type { Handler } from './index'

export const backUpServer: Handler<'back-up-server'> = async ({ report }) => {
  await backUpNow({ onStep: (words) => report(0.5, words) })
}
