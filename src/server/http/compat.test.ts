import { afterEach, expect, test } from 'bun:test'
import { config, setConfig } from '../config'
import { forClient, fromClient } from './compat'

const before = config()
const pretend = (compat_version: string) => setConfig({ ...before, compat_version })
afterEach(() => setConfig(before))

const job = { id: 1, type: 'replica', task_name: 'a', stage: 'annotation' }

test.each(['2.80.0', '2.81.3', '3.0.0'])('clients of %s get bodies as they are', (version) => {
  pretend(version)
  expect(forClient('job', job)).toEqual(job)
})

test('older clients get no fields that they do not know, and the old names of values', () => {
  pretend('2.42.0')
  expect(forClient('job', job) as object).toEqual({ id: 1, type: 'consensus_replica', stage: 'annotation' })
  expect(forClient('task', { id: 1, data_cloud_storage_id: 3 }) as object).toEqual({ id: 1 })
  expect(forClient('task', { id: 1, data_cloud_storage_id: null }) as object).toEqual({ id: 1 })
})

test('values of both versions are understood', () => {
  expect(fromClient('job', 'type', 'consensus_replica')).toBe('replica')
  expect(fromClient('job', 'type', 'replica')).toBe('replica')
  expect(fromClient('job', 'type', 'annotation')).toBe('annotation')
})
