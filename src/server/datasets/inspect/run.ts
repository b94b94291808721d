// The dry run itself: reads an upload without keeping anything and leaves a report as the request's result.
import { inspectDataset } from '../../../formats/inspect/inspect'
import { readMapping } from '../../../formats/inspect/mapping'
import { findImporter } from '../../../formats/registry'
import { fetchCloudFile } from '../../cloud-storages/service'
import type { Report, RequestRow, Result } from '../../requests/service'
import { storage } from '../../storage/storage'
import type { ImportOptions } from '../import-options'
import { openTarget } from '../target'
import { createTidier } from '../tidy-memory'
import { openUploaded } from '../uploaded-file'
import type { InspectedFile } from './plan'

/** Writes `InspectionReport` with `file`, the name by which an import takes the same upload. */
export const runInspection = async (row: RequestRow, report: Report): Promise<Result> => {
  const { file, upload, cloud, mapping, createLabels, masksToPolygons } = row.payload as ImportOptions & InspectedFile
  if (cloud) await fetchCloudFile(cloud, file)
  const { labels, frames, task } = await openTarget(row)
  const source = await openUploaded(file)
  const target = {
    labels,
    frames,
    masksToPolygons,
    createLabels,
    makesFrames: !task,
    ...(mapping && { mapping: readMapping(mapping) }),
  }
  const format = row.format === null ? undefined : findImporter(row.format)
  const tidy = createTidier()
  // Formats are told apart and described before they are read: some bytes count three times.
  const inspection = await inspectDataset(source, target, format, () => {
    tidy(1)
    return report(source.progress(3), 'Looking through the files')
  })
  if (cloud) await storage().remove(file)
  const result = `results/${row.key}.json`
  await storage().put(result, Buffer.from(JSON.stringify({ ...inspection.report, file: upload?.name ?? null })))
  const { items, annotations, problems } = inspection.report
  const message = problems[0]?.message ?? `${annotations.total} annotations, ${items.matched} of ${items.total} items match`
  return { file: result, name: `inspection_${row.key}.json`, message }
}
