// Validation frames as rows: what search, state, job and order leave, and that a file of them cannot run anything.
import { expect, test } from 'bun:test'
import { type FrameRow, narrowFrames, writeFramesCsv } from './page-frames'

const row = (id: number, more: Partial<FrameRow> = {}): FrameRow => ({
  id,
  name: `street-${id}.png`,
  isExcluded: false,
  jobIds: [1],
  uses: 1,
  quality: 1,
  conflicts: 0,
  href: '/',
  ...more,
})
const rows = [
  row(9, { quality: 0.5, conflicts: 3 }),
  row(2, { isExcluded: true, quality: null, conflicts: null }),
  row(30, { name: 'Bridge.png', jobIds: [1, 2], uses: 2, quality: 0.8 }),
  row(4, { jobIds: [], uses: 0, quality: null, conflicts: null }),
]
const idsOf = (query: Record<string, string>) => narrowFrames(rows, query, 0.7).map(({ id }) => id)

test.each([
  [{}, [2, 4, 9, 30]],
  [{ search: ' BRIDGE ' }, [30]],
  [{ state: 'active' }, [4, 9, 30]],
  [{ state: 'excluded' }, [2]],
  [{ state: 'unused' }, [4]],
  [{ state: 'below' }, [9]],
  [{ state: 'constructor' }, [2, 4, 9, 30]],
  [{ job: '2' }, [30]],
  [{ sort: 'quality' }, [2, 4, 9, 30]],
  [{ sort: '-uses,name' }, [30, 2, 9, 4]],
  [{ sort: 'toString' }, [2, 4, 9, 30]],
] as [Record<string, string>, number[]][])('%j leaves %j', (query, wanted) => expect(idsOf(query)).toEqual(wanted))

test('names that a spreadsheet would run are defused, quotes and commas kept', () => {
  const text = writeFramesCsv([row(1, { name: '=cmd()', quality: null }), row(2, { name: 'a,"b"', jobIds: [3, 4] })])
  expect(text.split('\r\n')).toEqual([
    'frame,name,state,uses,jobs,quality,conflicts',
    "1,'=cmd(),active,1,1,,0",
    '2,"a,""b""",active,1,3 4,1,0',
    '',
  ])
})
