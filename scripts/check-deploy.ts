// `bun run check:deploy`: the files of deploy/ by linters of their own. Needs docker-compose and Go; Helm is built by Go once, into .tools.
import { spawnSync } from 'node:child_process'
import { copyFileSync, cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { version } from '../package.json'
import { lanes } from '../src/server/queue/chores.ts'
import { fromRoot } from './build/paths.ts'

const helmVersion = 'v3.19.0'
/** The types of Kubernetes that this version of Helm is built with. */
const kubernetesTypes = 'v0.34.0'
const kubernetes = '1.31.0'
const chart = fromRoot('deploy/helm/annolith')
const tools = fromRoot('.tools')
const environment = { ...process.env, GOFLAGS: '-mod=mod', GOBIN: join(tools, 'bin') }

let faults = 0
const run = (what: string, argv: string[], { cwd = fromRoot('.'), input = '' } = {}): string => {
  const { status, stdout, stderr, error } = spawnSync(argv[0]!, argv.slice(1), { cwd, input, env: environment, encoding: 'utf8' })
  if (status !== 0) faults++
  console.log(`${status === 0 ? 'ok    ' : 'FAILED'} ${what}`)
  if (status !== 0) console.log(`${stdout ?? ''}${stderr ?? ''}${error?.message ?? ''}`.trimEnd())
  return stdout ?? ''
}

const expectRefusal = (what: string, argv: string[]) => {
  const { status } = spawnSync(argv[0]!, argv.slice(1), { env: environment, encoding: 'utf8' })
  if (status === 0) faults++
  console.log(`${status === 0 ? 'FAILED' : 'ok    '} ${what} is refused`)
}

/** In a copy, where the secrets may be made. */
const checkCompose = (scratch: string) => {
  const folder = join(scratch, 'deploy')
  cpSync(fromRoot('deploy'), folder, { recursive: true, filter: (path) => !path.startsWith(fromRoot('deploy/secrets')) })
  for (const script of ['make-secrets.sh', 'annolith-ready']) run(`bash -n ${script}`, ['bash', '-n', script], { cwd: folder })
  run('make-secrets.sh', ['./make-secrets.sh'], { cwd: folder })
  run('make-secrets.sh again', ['./make-secrets.sh'], { cwd: folder })
  run('docker-compose config', ['docker-compose', '--file', 'compose.yaml', 'config', '--quiet'], { cwd: folder })
}

const findHelm = (): string => {
  const built = join(tools, 'bin/helm')
  if (!existsSync(built)) run(`helm ${helmVersion} is built`, ['go', 'install', `helm.sh/helm/v3/cmd/helm@${helmVersion}`])
  return built
}

/** A program of our own reads what the chart makes into the types of Kubernetes. */
const buildReader = (): string => {
  const folder = join(tools, 'deploy')
  const program = join(folder, 'manifests')
  mkdirSync(folder, { recursive: true })
  copyFileSync(fromRoot('scripts/deploying/manifests.go'), join(folder, 'main.go'))
  writeFileSync(
    join(folder, 'go.mod'),
    `module annolith/manifests\n\ngo 1.24.0\n\nrequire (\n\tk8s.io/api ${kubernetesTypes}\n\tk8s.io/apimachinery ${kubernetesTypes}\n\tsigs.k8s.io/yaml v1.6.0\n)\n`,
  )
  run('the reader of manifests is built', ['go', 'build', '-o', program, '.'], { cwd: folder })
  return program
}

/** Values with which the chart is tried. */
const variants: Record<string, string[]> = {
  'a shared volume': [],
  'a bucket, ingress, TLS and scaling': [
    '--set=storage.address=s3://bucket/files,ingress.enabled=true,ingress.className=nginx,ingress.tlsSecret=tls',
    '--set=server.autoscaling.enabled=true,worker.autoscaling.enabled=true,worker.lanes={import,export}',
    '--set=networkPolicy.from[0].namespaceSelector.matchLabels.name=ingress,networkPolicy.egress[0].ports[0].port=5432',
  ],
  'what is there already': [
    '--set=storage.volume.existingClaim=media,serviceAccount.create=false,networkPolicy.enabled=false',
    '--set=imagePullSecrets[0].name=registry,options.ANNOLITH_SIGN_UP=open,nodeSelector.disk=ssd',
  ],
}

/** What the chart says about the program is what the program is. */
const checkFacts = () => {
  const schema = JSON.parse(readFileSync(join(chart, 'values.schema.json'), 'utf8'))
  const known: string[] = schema.definitions.workload.properties.lanes.items.enum
  const isCurrent = readFileSync(join(chart, 'Chart.yaml'), 'utf8').includes(`appVersion: "${version}"`)
  for (const [what, isTrue] of [
    ['the lanes of the chart', known.join() === lanes.join()],
    ['the version of the chart', isCurrent],
  ] as const) {
    if (!isTrue) faults++
    console.log(`${isTrue ? 'ok    ' : 'FAILED'} ${what}`)
  }
}

const checkChart = () => {
  checkFacts()
  const helm = findHelm()
  run('helm lint', [helm, 'lint', '--strict', chart])
  const reader = buildReader()
  const render = (values: string[]) => [helm, 'template', 'release', chart, '--kube-version', kubernetes, ...values]
  for (const [what, values] of Object.entries(variants)) {
    const manifests = run(`helm template: ${what}`, render(values))
    run(`types of Kubernetes: ${what}`, [reader], { input: manifests })
  }
  expectRefusal('an unknown value', render(['--set=nonsense=1']))
  expectRefusal('a wrong kind of work', render(['--set=worker.lanes={sleep}']))
  expectRefusal('an address that is no bucket', render(['--set=storage.address=/srv/media']))
}

const scratch = mkdtempSync(join(tmpdir(), 'annolith-deploy-'))
try {
  checkCompose(scratch)
  checkChart()
} finally {
  rmSync(scratch, { recursive: true, force: true })
}
console.log(faults ? `${faults} faults` : 'deploy/ is in order')
process.exit(faults ? 1 : 0)
