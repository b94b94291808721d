// For the tests: an upgrade that is killed when a step lasts. Arguments: step, archive, program.
import { config } from '../config'
import { upgrade } from './upgrade'

const [step, archive, program] = process.argv.slice(2) as [string, string, string]
await upgrade(config(), {
  ...{ archive, program, version: '0.1.0' },
  afterStep: (reached) => {
    if (reached === step) process.kill(process.pid, 'SIGKILL')
  },
})
