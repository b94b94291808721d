// The list of everything that is in a release, in the JSON of CycloneDX 1.6.
import type { Notice } from '../build/notices.ts'

const spdxIds = /^[A-Za-z0-9.-]+$/
/** What the package names: an SPDX id, an expression of them, or words. */
const describeLicence = (licence: string) => {
  if (spdxIds.test(licence)) return [{ license: { id: licence } }]
  return /\b(AND|OR)\b/.test(licence) ? [{ expression: licence }] : [{ license: { name: licence } }]
}

const readComponent = ({ name, version, licence }: Notice) => {
  const purl = name === 'Bun' ? `pkg:github/oven-sh/bun@bun-v${version}` : `pkg:npm/${name.replace(/^@/, '%40')}@${version}`
  return { type: 'library', 'bom-ref': purl, name, version, licenses: describeLicence(licence), purl }
}

/** Holds no time and no random number: the same release has the same list. */
export const writeSbom = (version: string, notices: Notice[]): string => {
  const ref = `pkg:generic/annolith@${version}`
  const components = [...new Map(notices.map(readComponent).map((part) => [part.purl, part])).values()]
  const bom = {
    bomFormat: 'CycloneDX',
    specVersion: '1.6',
    version: 1,
    metadata: {
      component: {
        type: 'application',
        'bom-ref': ref,
        name: 'annolith',
        version,
        licenses: [{ license: { id: 'MIT' } }],
        purl: ref,
      },
    },
    components,
    dependencies: [{ ref, dependsOn: components.map(({ purl }) => purl) }],
  }
  return `${JSON.stringify(bom, null, 2)}\n`
}
