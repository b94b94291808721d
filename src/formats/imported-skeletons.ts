// Rebuilds tracks of skeletons, whose points have key frames of their own.

import type { Finding } from './format'
import { createTrackCollector } from './imported-tracks'
import type { FrameLookup } from './match'
import type { Label, Shape, Track } from './model'

export type SkeletonCollector = {
  /** `isKey` tells of each element whether its point is a key frame here. */
  add(trackKey: string, label: Label, shape: Shape, isKey: (element: Shape) => boolean): void
  list(): Finding[]
}

/** Collects tracked skeletons until all files are read. */
export function createSkeletonCollector(frames: FrameLookup): SkeletonCollector {
  const wholes = createTrackCollector(frames)
  const points = createTrackCollector(frames)
  const wholeKeys = new Set<string>()
  /** The skeleton of each point track, in the order in which they were first seen. */
  const pointOwners = new Map<string, string>()
  return {
    add: (trackKey, label, shape, isKey) => {
      wholeKeys.add(trackKey)
      wholes.add(trackKey, label, { shape, keyframe: shape.elements.some(isKey) })
      for (const element of shape.elements) {
        const sublabel = label.sublabels.find(({ id }) => id === element.label_id)
        if (!sublabel) continue
        const pointKey = `${trackKey}/${sublabel.id}`
        pointOwners.set(pointKey, trackKey)
        points.add(pointKey, sublabel, { shape: element, keyframe: isKey(element) })
      }
    },
    list: () => {
      const elements = Map.groupBy(zip([...pointOwners.values()], listTracks(points.list())), ([owner]) => owner)
      return zip([...wholeKeys], listTracks(wholes.list())).map(([key, track]) => ({
        kind: 'track',
        track: { ...track, elements: (elements.get(key) ?? []).map(([, element]) => element) },
      }))
    },
  }
}

function listTracks(findings: readonly Finding[]): Track[] {
  return findings.flatMap((finding) => (finding.kind === 'track' ? [finding.track] : []))
}

function zip<A, B>(left: readonly A[], right: readonly B[]): [A, B][] {
  return left.map((value, at) => [value, right[at]!])
}
