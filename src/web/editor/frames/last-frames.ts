// Where a person stopped in each of the last jobs.

const remembered = 20

const keyOf = (user: string): string => `annolith-frames:${user}`

type Kept = [job: number, frame: number][]

const read = (user: string): Kept => {
  try {
    const saved = JSON.parse(localStorage.getItem(keyOf(user)) ?? '[]')
    return Array.isArray(saved) ? saved.filter((one) => Array.isArray(one) && one.every(Number.isInteger)) : []
  } catch {
    return []
  }
}

export const recallFrame = (user: string, job: number): number | null => read(user).find(([id]) => id === job)?.[1] ?? null

export const rememberFrame = (user: string, job: number, frame: number): void => {
  const kept: Kept = [[job, frame], ...read(user).filter(([id]) => id !== job)]
  try {
    localStorage.setItem(keyOf(user), JSON.stringify(kept.slice(0, remembered)))
  } catch {}
}
