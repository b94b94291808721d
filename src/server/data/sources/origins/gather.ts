// All files of a task from wherever they come: uploads, share, bucket, other servers, in this order.
import { ApiError } from '../../../http/errors'
import type { Report } from '../../../requests/service'
import { storage } from '../../../storage/storage'
import type { DataParameters } from '../../parameters'
import type { SourceFile } from '../../probe-files'
import { gatherCloudFiles } from './cloud'
import { isManifestName, type Manifest, readManifest } from './manifest'
import { gatherRemoteFiles } from './remote'
import { type Gathered, type GatherOptions, gatherShareFiles } from './share'

const refuse = (text: string) => new ApiError(400, { server_files: [text] })

/** Takes the manifest out of files that lie in the storage. */
const takeManifest = async (files: SourceFile[], known: Manifest | null): Promise<Gathered> => {
  const manifests = files.filter(({ name }) => isManifestName(name))
  if (manifests.length + (known ? 1 : 0) > 1)
    throw refuse(
      `Only one manifest can be used: ${[known?.file, ...manifests.map(({ name }) => name)].filter(Boolean).join(', ')}.`,
    )
  const [first] = manifests
  const manifest = first ? await readManifest(await storage().stream(first.file), first.name) : known
  return { files: files.filter(({ name }) => !isManifestName(name)), manifest }
}

const checkManifest = ({ kind, file, entries }: Manifest, files: SourceFile[], { sortingMethod }: DataParameters) => {
  if (sortingMethod === 'random') throw refuse(`${file}: a manifest cannot be used with random sorting.`)
  if (kind !== 'video') return
  const baseOf = (name: string) => name.split('/').at(-1)
  if (files.length !== 1 || baseOf(files[0]!.name) !== baseOf(entries[0]!.name))
    throw refuse(`${file}: the manifest is of the video ${entries[0]!.name}, which is not the file of the task.`)
}

/**
 * The files that a task is made of or grows by. Copies lie in the given folder; a repeated run goes on where it was cut off.
 * Throws 400 naming the file at fault, StorageError for trouble with a bucket.
 * @param uploads what came with the request, adopted already
 */
export const gatherFiles = async (
  options: GatherOptions,
  uploads: SourceFile[],
  parameters: DataParameters,
  report: Report,
): Promise<Gathered> => {
  const { serverFiles, remoteFiles, cloudStorageId, pattern } = parameters
  const tell = (text: string) => (done: number, all: number) => report((0.5 * done) / all, `${text}: ${done} of ${all}`)
  const none: Gathered = { files: [], manifest: null }
  const fromServer =
    cloudStorageId !== null
      ? await gatherCloudFiles(options, cloudStorageId, parameters, tell('Reading the bucket'))
      : serverFiles.length || pattern !== null
        ? await gatherShareFiles(options, parameters, tell('Copying from the share'))
        : none
  const fetched = await gatherRemoteFiles(options, remoteFiles, tell('Fetching'))
  const local = await takeManifest([...uploads, ...fetched], fromServer.manifest)
  const files = [...local.files.slice(0, uploads.length), ...fromServer.files, ...local.files.slice(uploads.length)]
  if (local.manifest) checkManifest(local.manifest, files, parameters)
  return { files, manifest: local.manifest }
}
