// The frames of animated pictures and of TIFF files with several pages; any other picture is one already.
import { mediaPath } from '../../../media/media-path'
import { listPicturePages, readPicturePages } from '../../../media/picture-pages'
import type { SourceFile } from '../../probe-files'
import { nameErrors, type Opening } from './open-archive'

/** Undefined for a picture with one frame, which is used as it is. Frames are named `walk_000012.png` after `walk.gif`. */
export const openPages = (source: SourceFile, { folder, writer, report }: Opening): Promise<SourceFile[] | undefined> =>
  nameErrors(source.name, async () => {
    const path = await mediaPath(source.file)
    const pages = await listPicturePages(path)
    if (pages.length < 2) return undefined
    const stem = source.name.replace(/\.[^./]*$/, '')
    const files: SourceFile[] = []
    for await (const { bytes, extension } of readPicturePages(path, pages)) {
      const file = `${folder}/${files.length}.${extension}`
      await writer.write(file, bytes)
      files.push({ name: `${stem}_${String(files.length).padStart(6, '0')}.${extension}`, file })
      await report(files.length / pages.length)
    }
    return files
  })
