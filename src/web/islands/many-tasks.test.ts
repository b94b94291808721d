// How chosen files become several tasks, and what is said about files that cannot.
import { expect, test } from 'bun:test'
import { filesToSend, fillName, splitTasks } from './many-tasks'

const split = (...paths: string[]) => {
  const { units, problem } = splitTasks(paths.map((path) => ({ path })))
  return { tasks: units.map(({ fileName, files }) => [fileName, files.length]), problem }
}

test('each video, archive and document is a task; pictures are one with their folder', () => {
  const paths = ['a.mp4', 'day 1/x.jpg', 'B.ZIP', 'day 1/y.PNG', 'day 2/x.jpg', 'day 2/clip.mov', 'scan.pdf', 'day 1/.DS_Store']
  expect(split(...paths)).toEqual({
    tasks: [['a.mp4', 1], ['day 1', 2], ['B.ZIP', 1], ['day 2', 1], ['clip.mov', 1], ['scan.pdf', 1]], // biome-ignore format: pairs
    problem: null,
  })
})

test('context pictures belong to the pictures beside them and keep their folder', () => {
  const file = (path: string) => ({ path, file: new File(['x'], path.split('/').at(-1)!) })
  const { units } = splitTasks([file('set/a.png'), file('set/related_images/a_png/side.png')])
  expect(units.length).toBe(1)
  expect(filesToSend(units[0]!).map(({ name }) => name)).toEqual(['a.png', 'related_images/a_png/side.png'])
})

test('what does not fit is named by its extension', () => {
  const { tasks, problem } = split('clip.mp4', 'one.jpg', 'two.jpg', 'notes.txt', 'README')
  expect(tasks).toEqual([['clip.mp4', 1]])
  for (const part of ['.jpg (one.jpg and 1 more)', '.txt (notes.txt)', 'no extension (README)']) expect(problem).toContain(part)
})

test('addresses are named by their path', () => {
  expect(split('https://example.com/v/my%20clip.mp4?key=1', 'http://example.com/pages.zip').tasks).toEqual([
    ['my clip.mp4', 1],
    ['pages.zip', 1],
  ])
  expect(split('https://example.com/a/b.jpg').problem).toContain('.jpg')
})

test('names', () => {
  expect(fillName('{{file_name}}', 'a.mp4', 0)).toBe('a.mp4')
  expect(fillName(' {{index}}: {{file_name}} / {{index}} {{other}} ', '$&.mp4', 7)).toBe('7: $&.mp4 / 7 {{other}}')
})
