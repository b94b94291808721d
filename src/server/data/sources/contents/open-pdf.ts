// The pages of a PDF document as pictures.

import { mediaPath } from '../../../media/media-path'
import { readPdfPages } from '../../../media/pdf-pages'
import type { SourceFile } from '../../probe-files'
import { nameErrors, type Opening } from './open-archive'

/** One JPEG a page, named by the document and the page, from 0: `paper000000000.jpeg`. */
export const openPdf = (source: SourceFile, { folder, writer, report }: Opening): Promise<SourceFile[]> =>
  nameErrors(source.name, async () => {
    const stem = source.name.replace(/\.[^./]*$/, '')
    const files: SourceFile[] = []
    for await (const { bytes, count } of readPdfPages(await mediaPath(source.file))) {
      const file = `${folder}/${files.length}.jpeg`
      await writer.write(file, bytes)
      files.push({ name: `${stem}${String(files.length).padStart(9, '0')}.jpeg`, file })
      await report(files.length / count)
    }
    return files
  })
