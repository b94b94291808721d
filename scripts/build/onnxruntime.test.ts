// Checks which targets get onnxruntime, and that the library comes before the addon that needs it.
import { expect, test } from 'bun:test'
import { readFileSync } from 'node:fs'
import { listOnnxruntimeFiles } from './onnxruntime.ts'

test.each([
  ['bun-linux-x64', 2],
  ['bun-linux-x64-baseline', 2],
  ['bun-linux-arm64', 2],
  ['bun-linux-x64-musl', undefined],
])('%s has %p files', (target, count) => expect(listOnnxruntimeFiles(target)?.length).toBe(count as number))

test('the library is unpacked before the addon is loaded', () =>
  expect(listOnnxruntimeFiles('bun-linux-x64')!.map(({ name }) => name)).toEqual([
    'onnxruntime/libonnxruntime.so.1',
    'onnxruntime/onnxruntime_binding.node',
  ]))

test('it cannot send usage data: a version that can is refused by name', () => {
  for (const { source } of listOnnxruntimeFiles('bun-linux-x64')!)
    expect(readFileSync(source).includes('events.data.microsoft.com')).toBe(false)
})
