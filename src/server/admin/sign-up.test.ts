// One line of the configuration is set without touching the others.
import { expect, test } from 'bun:test'
import { setLine } from './sign-up'

const cases: [string, string, string][] = [
  ['an empty file', '', 'sign_up = "open"\n'],
  ['another line', '# mine\nport = 9000\n', 'sign_up = "open"\n# mine\nport = 9000\n'],
  ['the same line', 'port = 9000\nsign_up = "closed"\nlog = "info"\n', 'port = 9000\nsign_up = "open"\nlog = "info"\n'],
  [
    'a table with such a key',
    'port = 1\n[[providers]]\nsign_up = "x"\n',
    'sign_up = "open"\nport = 1\n[[providers]]\nsign_up = "x"\n',
  ],
]

for (const [name, before, after] of cases)
  test(`${name}`, () => {
    expect(setLine(before, 'sign_up', 'open')).toBe(after)
    expect(Bun.TOML.parse(after)).toMatchObject({ sign_up: 'open' })
  })
