// Places of issues in a point cloud, as they are stored and read again.
import { expect, test } from 'bun:test'
import { writeCuboid } from '../../../formats/geometry3d/cuboid'
import { placeIssue } from '../../editor/review/issue-place'
import type { Body } from '../../editor/shapes/shape-kind'
import { readIssuePlace, writeIssuePlace } from './issue-place'

test('a place, a cuboid, and positions that lie nowhere in space', () => {
  expect(readIssuePlace(writeIssuePlace([1.23456, -2, 0.5]))).toEqual({ at: [1.235, -2, 0.5], cuboid: null })
  const cuboid = { position: [4, 5, 6], rotation: [0, 0, 1], scale: [4, 2, 1.5] } as const
  expect(readIssuePlace(writeCuboid(cuboid))).toEqual({ at: [4, 5, 6], cuboid } as never)
  expect(readIssuePlace([1, 2, 3, ...new Array(13).fill(0)])).toEqual({ at: [1, 2, 3], cuboid: null })
  expect(readIssuePlace([10, 20, 30, 40])).toBeNull()
})

test('an issue about an object in space is its cuboid, about one on a picture the box around it', () => {
  const body = (type: Body['type'], points: number[]) => ({ type, points, rotation: 0 }) as Body
  const points = writeCuboid({ position: [4, 5, 6], rotation: [0, 0, 1], scale: [4, 2, 1.5] })
  expect(placeIssue([body('cuboid', points)])).toEqual(points)
  expect(placeIssue([body('rectangle', [10, 20, 30, 40])])).toEqual([10, 20, 30, 40])
  expect(placeIssue([])).toBeNull()
})
