// Numbers and times as the console writes them.

const steps: [seconds: number, unit: string][] = [
  [31_536_000, 'y'],
  [86_400, 'd'],
  [3600, 'h'],
  [60, 'min'],
]

/** `3 d ago`, `just now`, or `never`. */
export const showAge = (time: Date | null, now = new Date()): string => {
  if (!time) return 'never'
  const seconds = Math.max(0, (now.getTime() - time.getTime()) / 1000)
  const step = steps.find(([size]) => seconds >= size)
  return step ? `${Math.floor(seconds / step[0])} ${step[1]} ago` : 'just now'
}

const pad = (value: number) => String(value).padStart(2, '0')

/** Local clock time: `14:03:22`. */
export const showClock = (time: Date) => [time.getHours(), time.getMinutes(), time.getSeconds()].map(pad).join(':')

/** Local date and time: `2026-11-22 14:03:22`, or `none`. */
export const showTime = (time: Date | null, none = 'never') =>
  time ? `${time.getFullYear()}-${pad(time.getMonth() + 1)}-${pad(time.getDate())} ${showClock(time)}` : none

/** `312 MB`: three digits at most, powers of 1024. */
export const showBytes = (bytes: number): string => {
  const units = ['B', 'kB', 'MB', 'GB', 'TB', 'PB']
  const exponent = bytes < 1 ? 0 : Math.min(units.length - 1, Math.floor(Math.log2(bytes) / 10))
  const value = bytes / 1024 ** exponent
  return `${exponent && value < 10 ? value.toFixed(1) : Math.round(value)} ${units[exponent]}`
}

/** `1 user`, `2 users`. */
export const showCount = (count: number, one: string, many = `${one}s`) => `${count} ${count === 1 ? one : many}`
