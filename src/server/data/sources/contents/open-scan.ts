// Laser scans in other formats than PCD, turned into it.
import { mkdir, rm } from 'node:fs/promises'
import { dirname } from 'node:path'
import { convertCloud } from '../../../media/clouds/convert-cloud'
import { mediaPath } from '../../../media/media-path'
import { storage } from '../../../storage/storage'
import type { SourceFile } from '../../probe-files'
import { nameErrors, type Opening } from './open-archive'

/** One cloud, named like the scan but for its extension. */
export const openScan = (source: SourceFile, { folder }: Opening): Promise<SourceFile[]> =>
  nameErrors(source.name, async () => {
    const file = `${folder}/0.pcd`
    const target = storage().localPath(file)
    await mkdir(dirname(target), { recursive: true })
    await rm(target, { force: true })
    await convertCloud(mediaPath(source.file), source.name, target)
    return [{ name: source.name.replace(/\.[^./]*$/, '.pcd'), file }]
  })
