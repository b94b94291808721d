import { expect, test } from 'bun:test'
import { toText } from './log'

test('a line for people has the time, the level, the words and the facts', () => {
  expect(toText('{"level":"warn","time":"2026-01-02T03:04:05.678Z","status":500,"request":"a-b","msg":"GET /x"}\n')).toBe(
    '03:04:05 warn  GET /x status=500 request=a-b\n',
  )
})

test('an error brings its stack', () => {
  const line = JSON.stringify({
    level: 'error',
    time: '2026-01-02T03:04:05.678Z',
    err: { message: 'broken', stack: 'Error: broken\n  at x' },
  })
  expect(toText(line)).toBe('03:04:05 error broken\nError: broken\n  at x\n')
})
