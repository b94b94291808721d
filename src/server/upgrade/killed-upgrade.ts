// For the tests: an upgrade, or going back on one, that is killed when a step lasts. Arguments: step, archive, program; going back takes the step alone.
import { config } from '../config'
import { rollBack, upgrade } from './upgrade'

const [step, archive, program] = process.argv.slice(2) as [string, string?, string?]
const afterStep = (reached: string) => {
  if (reached === step) process.kill(process.pid, 'SIGKILL')
}
if (archive && program) await upgrade(config(), { archive, program, version: '0.1.0', afterStep })
else await rollBack(config(), afterStep)
