// Laser scans in other formats than PCD, turned into it.
import { rm } from 'node:fs/promises'
import { convertCloud } from '../../../media/clouds/convert-cloud'
import { mediaPath } from '../../../media/media-path'
import { storage, temporaryFile } from '../../../storage/storage'
import type { SourceFile } from '../../probe-files'
import { nameErrors, type Opening } from './open-archive'

/** One cloud, named like the scan but for its extension. */
export const openScan = (source: SourceFile, { folder }: Opening): Promise<SourceFile[]> =>
  nameErrors(source.name, async () => {
    const file = `${folder}/0.pcd`
    const made = await temporaryFile()
    try {
      await convertCloud(await mediaPath(source.file), source.name, made)
      await storage().adopt(file, made)
    } finally {
      await rm(made, { force: true })
    }
    return [{ name: source.name.replace(/\.[^./]*$/, '.pcd'), file }]
  })
