// A dry run of an import: what a dataset holds, what of it fits the task, and how the rest could be made to fit.

import type { DeclaredLabel, Finding, Format } from '../format'
import { nameFormat } from '../format'
import { FormatError } from '../format-error'
import type { ByteSource } from '../io/byte-source'
import { type DatasetFiles, openDatasetFiles } from '../io/dataset-files'
import type { FrameLookup } from '../match'
import type { Label, ShapeType } from '../model'
import { detectFormats, type Importer, readDataset } from '../registry'
import { guessAttribute, guessLabel } from './guess-label'
import { applyMapping, type ImportMapping } from './mapping'
import { type Observer, observe, type SeenFrame, type SeenLabel } from './observe'
import { createFrameProposer, proposeName } from './propose'

export type Problem = { file: string | null; line: number | null; item: string | null; field: string | null; message: string }

export type InspectionReport = {
  /** The format that the report is about; null when none was named and none recognised the files. */
  format: string | null
  /** Importers that recognise the files, the likeliest first. */
  detected: string[]
  items: {
    total: number
    matched: number
    unmatched: number
    /** At most `listed` names of files without a frame, each with the frame that it may mean. */
    files: { name: string; proposal: string | null }[]
  }
  labels: {
    matched: { name: string; count: number }[]
    unmatched: { name: string; count: number; proposal: string | null; offer: DeclaredLabel }[]
  }
  annotations: { total: number; tags: number; tracks: number; shapes: Partial<Record<ShapeType, number>> }
  /** Attributes that are there in the files and not in the labels: they are left out. */
  attributes: { label: string; name: string; count: number; offer: DeclaredLabel['attributes'] }[]
  /** What an import would fail on. */
  problems: Problem[]
  /** The proposals in the form that an import takes. */
  mapping: { files: Record<string, string>; labels: Record<string, string> }
  /** Whether an import with this format and mapping would succeed as it is. */
  ready: boolean
}

/** Names of files that a report lists. */
const listed = 500

export type InspectionTarget = {
  labels: Label[]
  frames: FrameLookup
  masksToPolygons?: boolean
  mapping?: ImportMapping
  /** Labels that an import would create. */
  createLabels?: boolean | readonly string[]
  /** Frames come into being with the dataset, as in a project: none can be missing. */
  makesFrames?: boolean
}

export type Inspection = { report: InspectionReport; seen: Observer | undefined }

/** Reads an upload without keeping anything. Never throws FormatError: what is wrong with the files is part of the report. */
export async function inspectDataset(
  source: ByteSource | DatasetFiles,
  target: InspectionTarget,
  wanted?: Importer,
  onFinding?: (finding: Finding) => Promise<void> | void,
): Promise<Inspection> {
  const problems: Problem[] = []
  const counts = createCounts()
  let detected: Importer[] = []
  let seen: Observer | undefined
  let format = wanted
  try {
    const files = 'list' in source ? source : await openDatasetFiles(source)
    detected = await detectFormats(files)
    format ??= detected[0]
    if (format) {
      const description = (await format.describe?.(files)) ?? { labels: [] }
      seen = observe(target.frames, target.labels, description)
      const { frames, labels, keep } = applyMapping(seen.frames, seen.labels, target.mapping)
      for await (const finding of readDataset(format, files, { frames, labels, masksToPolygons: target.masksToPolygons })) {
        const kept = keep(finding)
        if (kept) counts.add(kept)
        await onFinding?.(finding)
      }
    } else problems.push(describeProblem(new FormatError('The files are of no known format')))
  } catch (error) {
    if (!(error instanceof FormatError)) throw error
    problems.push(describeProblem(error))
  }
  return { report: createReport(format, detected, seen, counts.annotations, problems, target), seen }
}

export function describeProblem({ place, message }: FormatError): Problem {
  const { file = null, line = null, item = null, field = null } = place
  return { file, line, item, field, message }
}

function createCounts() {
  const annotations: InspectionReport['annotations'] = { total: 0, tags: 0, tracks: 0, shapes: {} }
  const add = (finding: Finding) => {
    annotations.total++
    if (finding.kind === 'tag') annotations.tags++
    else if (finding.kind === 'track') annotations.tracks++
    else annotations.shapes[finding.shape.type] = (annotations.shapes[finding.shape.type] ?? 0) + 1
  }
  return { annotations, add }
}

function createReport(
  format: Format | undefined,
  detected: readonly Importer[],
  seen: Observer | undefined,
  annotations: InspectionReport['annotations'],
  problems: Problem[],
  { labels, frames, createLabels = false, makesFrames = false }: InspectionTarget,
): InspectionReport {
  const seenFrames: SeenFrame[] = [...(seen?.seenFrames.values() ?? [])]
  const lost = makesFrames ? [] : seenFrames.filter(({ isKnown }) => !isKnown)
  const propose = createFrameProposer(frames.frames)
  const files = lost.slice(0, listed).map(({ name }) => ({ name, proposal: propose(name) ?? null }))
  const asked: SeenLabel[] = [...(seen?.seenLabels.values() ?? [])].filter(({ count }) => count > 0)
  const names = labels.map(({ name }) => name)
  const missing = asked
    .filter(({ isKnown }) => !isKnown)
    .map((one) => ({
      name: one.label.name,
      count: one.count,
      proposal: proposeName(one.label.name, names) ?? null,
      offer: guessLabel(one),
    }))
  const isCreated = (name: string) => createLabels === true || (Array.isArray(createLabels) && createLabels.includes(name))
  const open = missing.filter(({ name }) => !isCreated(name))
  return {
    format: format ? nameFormat(format) : null,
    detected: detected.map(nameFormat),
    items: { total: seenFrames.length, matched: seenFrames.length - lost.length, unmatched: lost.length, files },
    labels: {
      matched: asked.filter(({ isKnown }) => isKnown).map(({ label, count }) => ({ name: label.name, count })),
      unmatched: missing,
    },
    annotations,
    attributes: asked
      .filter(({ isKnown }) => isKnown)
      .flatMap(({ label, unknown }) =>
        [...unknown.values()].map((one) => ({
          label: label.name,
          name: one.name,
          count: one.count,
          offer: [guessAttribute(one)],
        })),
      ),
    problems,
    mapping: { files: collectProposals(files), labels: collectProposals(missing) },
    ready: problems.length === 0 && lost.length === 0 && open.length === 0 && annotations.total > 0,
  }
}

function collectProposals(list: readonly { name: string; proposal: string | null }[]): Record<string, string> {
  return Object.fromEntries(list.flatMap(({ name, proposal }) => (proposal === null ? [] : [[name, proposal] as const])))
}
