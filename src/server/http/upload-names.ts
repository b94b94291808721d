// Which names uploaded files may have.
import { invalid } from './errors'

const maxPartBytes = 255
const maxNameLength = 1024

const refuse = (name: string, why: string): never => {
  throw invalid({ client_files: `${JSON.stringify(name.slice(0, 200))}: ${why}` })
}

/**
 * The name under which a file is kept, with `/` between folders. Clients send whole local paths: of an absolute one the last part counts.
 * Throws 400, which names the file, for names with `..`, control characters, or parts that are too long.
 * @param folders whether the folders of a relative name are kept
 */
export const readUploadName = (given: string, folders: boolean): string => {
  // Reversing marks of Unicode make `gpj.exe` look like `exe.jpg`.
  if (/[\p{Cc}\u202a-\u202e\u2066-\u2069]/u.test(given)) refuse(given, 'the file name contains control characters')
  const parts = given.split(/[\\/]/)
  if (parts.includes('..')) refuse(given, 'the file name leaves its folder')
  const isAbsolute = parts[0] === '' || /^[A-Za-z]:$/.test(parts[0]!)
  const kept = parts.filter((part) => part !== '' && part !== '.')
  const name = folders && !isAbsolute ? kept.join('/') : (kept.at(-1) ?? '')
  if (!name || parts.at(-1) === '') refuse(given, 'the file has no name')
  if (name.length > maxNameLength || kept.some((part) => Buffer.byteLength(part) > maxPartBytes))
    refuse(given, 'the file name is too long')
  return name
}

/** What a TUS client says about its file: `filename <base64>,filetype <base64>`. Throws 400 without a file name. */
export const readUploadMetadata = (header: string | null): Record<string, string> => {
  const pairs = (header ?? '').split(',').flatMap((pair): [string, string][] => {
    const [key, value = ''] = pair.trim().split(/\s+/)
    return key ? [[key, Buffer.from(value, 'base64').toString('utf8')]] : []
  })
  const metadata = Object.fromEntries(pairs)
  if (!metadata.filename) throw invalid({ 'Upload-Metadata': 'A filename is required.' })
  return metadata
}
