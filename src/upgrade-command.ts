// `annolith upgrade`: a new version in the place of this one, or the old one back.
import { realpathSync } from 'node:fs'
import { version } from '../package.json'
import { ConfigError, config } from './server/config'
import { isLocked } from './server/lock'
import { rollBack, upgrade } from './server/upgrade/service'

type Flags = { rollback?: boolean; sha256?: string }
const unit = 'annolith.service'

const systemctl = (...words: string[]) =>
  Bun.which('systemctl') ? Bun.spawnSync(['systemctl', ...words], { stdout: 'ignore', stderr: 'ignore' }).exitCode === 0 : false

/** `upgrade ARCHIVE [--sha256 HEX]`, `upgrade --rollback`. A server that systemd runs is stopped and started; any other must not run. */
export const runUpgrade = async ([archive]: string[], { rollback, sha256 }: Flags): Promise<void> => {
  const program = realpathSync(process.execPath)
  const isManaged = systemctl('is-active', '--quiet', unit)
  if (isManaged && !systemctl('stop', unit)) throw new ConfigError(`systemctl stop ${unit} failed`)
  try {
    if (isLocked(config().dataDir)) throw new ConfigError('the server runs: stop it first')
    if (rollback) {
      const undone = await rollBack(config())
      console.log(undone ? `version ${undone.from} and its data are back` : 'no upgrade is under way')
      return
    }
    if (!archive) throw new ConfigError('annolith upgrade ARCHIVE [--sha256 HEX], or --rollback')
    if (!/annolith/.test(program)) throw new ConfigError('a checkout is upgraded with git, not with an archive')
    const to = await upgrade(config(), { archive, sha256, program, version, onStep: (words) => console.log(words) })
    console.log(`upgraded to ${to}`)
  } finally {
    if (isManaged && !systemctl('start', unit)) console.error(`systemctl start ${unit} failed; see journalctl -u annolith`)
  }
}
