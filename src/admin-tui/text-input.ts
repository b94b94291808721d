// A line of text being typed: pure editing by keys. Positions count code points.

export type TextInput = { text: string; at: number }

export const startInput = (text = ''): TextInput => ({ text, at: [...text].length })

/** Whether a key stands for itself. */
export const isCharacter = (key: string) => [...key].length === 1 && !/[\p{Cc}\p{Cs}]/u.test(key)

const wordStart = (characters: string[], at: number) => {
  let start = at
  while (start > 0 && characters[start - 1] === ' ') start--
  while (start > 0 && characters[start - 1] !== ' ') start--
  return start
}

const moves: Record<string, (characters: string[], at: number) => number> = {
  left: (_, at) => Math.max(0, at - 1),
  right: (characters, at) => Math.min(characters.length, at + 1),
  home: () => 0,
  'C-a': () => 0,
  end: (characters) => characters.length,
  'C-e': (characters) => characters.length,
}

/** The range that a key removes. */
const cuts: Record<string, (characters: string[], at: number) => [number, number]> = {
  backspace: (_, at) => [Math.max(0, at - 1), at],
  delete: (_, at) => [at, at + 1],
  'C-u': (_, at) => [0, at],
  'C-k': (characters, at) => [at, characters.length],
  'C-w': (characters, at) => [wordStart(characters, at), at],
}

/** The input after a key; undefined when the key does not edit text. */
export const editInput = ({ text, at }: TextInput, key: string): TextInput | undefined => {
  const characters = [...text]
  if (isCharacter(key)) return { text: characters.toSpliced(at, 0, key).join(''), at: at + 1 }
  if (Object.hasOwn(moves, key)) return { text, at: moves[key]!(characters, at) }
  if (!Object.hasOwn(cuts, key)) return undefined
  const [start, end] = cuts[key]!(characters, at)
  return { text: characters.toSpliced(start, end - start).join(''), at: start }
}
