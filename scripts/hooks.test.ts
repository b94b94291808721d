// Checks which first lines of a commit message the hook lets pass.
import { expect, test } from 'bun:test'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fromRoot } from './build/paths.ts'

test.each([
  ['feat(formats): write COCO keypoints', 0],
  ['fix!: refuse unknown keys', 0],
  ['# a comment\ndocs: say how to move\n\nbody.', 0],
  ['Merge branch x', 0],
  ['Write COCO keypoints', 1],
  ['feature: write COCO keypoints', 1],
  ['feat: ends with a full stop.', 1],
  ['feat:', 1],
  [`feat: ${'long '.repeat(25)}line`, 1],
])('%p ends with %i', (message, expected) => {
  const folder = mkdtempSync(join(tmpdir(), 'annolith-hook-'))
  try {
    writeFileSync(join(folder, 'message'), message)
    expect(Bun.spawnSync([fromRoot('scripts/hooks/commit-msg'), join(folder, 'message')]).exitCode).toBe(expected)
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
})
