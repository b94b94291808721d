// Which camera took each picture beside the clouds of a task, and where the scanner stood on each frame, out of all calibration files.
// A file that is wrong is told and left out; the others still count.

import { FormatError } from '../format-error'
import type { Camera } from '../geometry3d/camera'
import { type CalibratedFrame, type Calibrator, type FoundCamera, type Report, stemOf } from './calibrator'
import { type CalibrationFile, isKittiCalibration, isNavigationMount, readKittiCalibration, readNavigationPose, readScannerPose } from './kitti' // biome-ignore format: one source
import { isNavigationName, isPosesName, placeNavigation, readNavigation, readPoseLines } from './kitti-poses'
import { findTables, type Tables } from './nuscenes'
import { readTableCalibration } from './nuscenes-tables'
import { chainPoses, invertPose, type Pose, standing } from './pose'
import { findCamera, maxChars, parseCalibrationJson } from './read-calibration'
import { isSuperviselyCalibration, readSuperviselyCalibration } from './supervisely'

export type CalibrationProblem = { file: string; message: string }

export type TaskCalibration = {
  /** Each camera once; their names are those of the files. */
  cameras: (Camera & { name: string })[]
  /** For each frame: the camera of each of its pictures by its place in `cameras`, and the pose of the cloud in the world. */
  frames: { cameras: (number | null)[]; pose: Pose | null }[]
  problems: CalibrationProblem[]
}

const folderOf = (path: string) => path.slice(0, Math.max(0, path.lastIndexOf('/')))
const baseOf = (path: string) => path.slice(path.lastIndexOf('/') + 1)

/** The name under which `findCamera` finds a camera. */
const nameFinder = (cameras: ReadonlyMap<string, Camera>) => {
  const names = new Map([...cameras].map(([name, camera]) => [camera, name]))
  return (image: string): FoundCamera | undefined => {
    const camera = findCamera(cameras, image)
    return camera && { name: names.get(camera)!, camera }
  }
}

/** Supervisely: a file beside each picture. */
function readBesidePictures(files: readonly { name: string; value: unknown }[], report: Report): Calibrator {
  const byPath = new Map<string, FoundCamera>()
  const byBase = new Map<string, FoundCamera>()
  for (const { name, value } of files) {
    const cameras = report(name, () => readSuperviselyCalibration(value, name))
    for (const [picture, camera] of cameras ?? []) {
      const folder = folderOf(name)
      const found = { name: picture, camera }
      byPath.set(folder ? `${folder}/${picture}` : picture, found)
      byBase.set(picture, found)
    }
  }
  return {
    ...(byPath.size && { source: files[0]!.name }),
    findCamera: (_, image) => {
      const exact = byPath.get(image)
      if (exact) return exact
      // Folders above may have been left out on one of the two ways.
      for (const [path, found] of byPath) if (image.endsWith(`/${path}`) || path.endsWith(`/${image}`)) return found
      return byBase.get(baseOf(image))
    },
  }
}

/** KITTI: whole files for single frames or for a sequence, or the parts of the raw data, which hold for all. */
function readKitti(texts: readonly CalibrationFile[], frames: readonly CalibratedFrame[], report: Report): Calibrator {
  const isPart = ({ name }: CalibrationFile) => /(^|\/)calib_\w+_to_\w+\.txt$/i.test(name)
  const parts = texts.filter((file) => isPart(file) && !isNavigationMount(file.name))
  const whole = texts.filter((file) => !isPart(file))
  type Group = { find: (image: string) => FoundCamera | undefined; scanner: Pose }
  const read = (files: readonly CalibrationFile[]): Group | undefined =>
    report(files[0]!.name, () => {
      if (!files.some(({ text }) => isKittiCalibration(text)))
        throw new FormatError('is no calibration that is known: KITTI, nuScenes-like or Supervisely', { file: files[0]!.name })
      return { find: nameFinder(readKittiCalibration(files)), scanner: readScannerPose(files) }
    })
  const stems = new Set(frames.map(({ name }) => stemOf(name)))
  const ofFrames = new Map<string, Group>()
  const common: { stem: string; group: Group }[] = []
  for (const file of whole) {
    const group = read([file])
    if (!group) continue
    if (stems.has(stemOf(file.name))) ofFrames.set(stemOf(file.name), group)
    else common.push({ stem: stemOf(file.name), group })
  }
  const rest = parts.length ? read(parts) : undefined
  if (rest) common.push({ stem: '', group: rest })
  /** That of the frame; else that of its sequence, whose folder has the file's name; else the one for all. */
  const groupOf = ({ name }: CalibratedFrame): Group | undefined =>
    ofFrames.get(stemOf(name)) ??
    common.find(({ stem }) => stem && name.split('/').includes(stem))?.group ??
    (common.length === 1 ? common[0]!.group : undefined)
  const source = ofFrames.size || common.length ? texts[0]!.name : undefined
  return {
    source,
    findCamera: (frame, image) => groupOf(frame)?.find(image),
    findPose: (frame) => groupOf(frame)?.scanner,
  }
}

/** Poses of KITTI's odometry are those of the first camera; the scanner's follow through the calibration. */
function readOdometry(file: CalibrationFile, frames: readonly CalibratedFrame[], kitti: Calibrator, report: Report): Calibrator {
  const poses = report(file.name, () => readPoseLines(file))
  if (!poses) return {}
  const numbers = frames.map(({ name }) => (/^\d{1,12}$/.test(stemOf(name)) ? Number(stemOf(name)) : Infinity))
  const isNamed = numbers.every((number) => number < poses.length)
  const isUsable = report(file.name, () => {
    if (!frames.every((frame) => kitti.findPose?.(frame)))
      throw new FormatError('is of the left camera: a calib.txt that tells where the scanner is (Tr) is needed', {
        file: file.name,
      })
    return true
  })
  if (!isUsable) return {}
  return {
    findPose: (frame) => {
      const pose = poses[isNamed ? Number(stemOf(frame.name)) : frame.number]
      const scanner = kitti.findPose?.(frame)
      return pose && scanner && chainPoses(invertPose(scanner), pose, scanner)
    },
  }
}

function readNavigationFiles(files: readonly CalibrationFile[], texts: readonly CalibrationFile[], report: Report): Calibrator {
  const read = files
    .toSorted((a, b) => (a.name < b.name ? -1 : 1))
    .flatMap((file) => {
      const navigation = report(file.name, () => readNavigation(file))
      return navigation ? [{ stem: stemOf(file.name), navigation }] : []
    })
  if (!read.length) return {}
  const mount = texts.length ? report(texts[0]!.name, () => readNavigationPose(texts)) : undefined
  const toUnit = mount ? invertPose(mount) : standing
  const poses = placeNavigation(read.map(({ navigation }) => navigation))
  const byStem = new Map(read.map(({ stem }, i) => [stem, chainPoses(poses[i]!, toUnit)]))
  return { findPose: ({ name }) => byStem.get(stemOf(name)) }
}

/** Files in groups by what they are; what is none of them is told. */
function sortFiles(files: readonly CalibrationFile[], report: Report) {
  const sorted = { texts: [] as CalibrationFile[], poses: [] as CalibrationFile[], navigation: [] as CalibrationFile[] }
  const beside: { name: string; value: unknown }[] = []
  const tables: Tables = {}
  for (const file of files) {
    const { name, text } = file
    report(name, () => {
      if (file.isTooLong || text.length > maxChars) throw new FormatError('is too long for a calibration', { file: name })
      if (!/\.json$/i.test(name)) {
        if (isNavigationName(name)) sorted.navigation.push(file)
        else if (isPosesName(name)) sorted.poses.push(file)
        else sorted.texts.push(file)
        return
      }
      const value = parseCalibrationJson(file)
      if (isSuperviselyCalibration(value)) return void beside.push({ name, value })
      const found = findTables(value, name)
      if (!Object.keys(found).length)
        throw new FormatError('is no calibration that is known: KITTI, nuScenes-like or Supervisely', { file: name })
      Object.assign(tables, found)
    })
  }
  return { ...sorted, beside, tables }
}

const mostNamed = 5

/** Cameras of no picture, and pictures of no camera. */
function judgeMatches(
  source: string,
  hasMatches: boolean,
  frames: readonly CalibratedFrame[],
  resolved: TaskCalibration['frames'],
  problems: CalibrationProblem[],
): void {
  const tell = (file: string, message: string) => problems.push({ file, message: `${file}: ${message}` })
  if (frames.every(({ images }) => !images.length)) return void tell(source, 'there are no pictures beside the clouds that its cameras could have taken') // biome-ignore format: one sentence
  if (!hasMatches) return void tell(source, 'none of its cameras has taken a picture beside the clouds, as far as names tell')
  const missing = frames.flatMap(({ images }, i) => images.filter((_, at) => resolved[i]!.cameras[at] === null))
  for (const image of missing.slice(0, mostNamed)) tell(image, 'no camera of the calibration has taken this picture')
  if (missing.length > mostNamed) tell(missing[mostNamed]!, `nor this one, nor ${missing.length - mostNamed - 1} more`)
}

/**
 * What the files tell of the frames. Never throws for bad files: `problems` names them, with what is wrong. Files of one kind belong
 * together; where two kinds know a picture, Supervisely's own file counts before nuScenes-like ones, those before KITTI's.
 */
export function resolveCalibration(files: readonly CalibrationFile[], frames: readonly CalibratedFrame[]): TaskCalibration {
  const problems: CalibrationProblem[] = []
  const report: Report = (file, work) => {
    try {
      return work()
    } catch (error) {
      if (!(error instanceof FormatError)) throw error
      problems.push({ file: error.place.file ?? file, message: error.message })
      return undefined
    }
  }
  const { texts, poses, navigation, beside, tables } = sortFiles(files, report)
  const kitti = texts.length ? readKitti(texts, frames, report) : {}
  const fromTables = Object.keys(tables).length ? readTableCalibration(tables, report) : {}
  const seeing: Calibrator[] = [readBesidePictures(beside, report), fromTables, kitti]
  const going: Calibrator[] = [
    fromTables,
    ...poses.map((file) => readOdometry(file, frames, kitti, report)),
    readNavigationFiles(navigation, texts, report),
  ]
  const cameras: TaskCalibration['cameras'] = []
  const known = new Map<string, number>()
  const numberOf = ({ name, camera }: FoundCamera): number => {
    const key = JSON.stringify([name, camera])
    const at = known.get(key) ?? cameras.push({ ...camera, name }) - 1
    known.set(key, at)
    return at
  }
  const first = <T>(list: Calibrator[], ask: (one: Calibrator) => T | undefined): T | undefined => {
    for (const one of list) {
      const found = ask(one)
      if (found !== undefined) return found
    }
    return undefined
  }
  const resolved = frames.map((frame) => ({
    cameras: frame.images.map((image) => {
      const found = first(seeing, (one) => one.findCamera?.(frame, image))
      return found ? numberOf(found) : null
    }),
    pose: first(going, (one) => one.findPose?.(frame)) ?? null,
  }))
  const source = first(seeing, (one) => one.source)
  if (source !== undefined && !problems.length) judgeMatches(source, cameras.length > 0, frames, resolved, problems)
  return { cameras, frames: resolved, problems }
}
