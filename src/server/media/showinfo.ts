// Reads the log of ffmpeg's filter showinfo=checksum=0: which frames passed it, and when they are shown.

/** Feed it every line; `times` grows by the seconds of each frame, `keys` tells which were key frames. */
export const followTimes = () => {
  const times: number[] = []
  const keys: boolean[] = []
  let second = 0
  return {
    times,
    keys,
    read: (line: string) => {
      const [, base, one] = /config in time_base: (\d+)\/(\d+)/.exec(line) ?? []
      if (base && one) second = Number(base) / Number(one)
      const pts = /showinfo.*\bn:\s*\d+ pts:\s*(-?\d+|NOPTS)/.exec(line)?.[1]
      if (!pts) return
      times.push(Number(pts) * second)
      keys.push(/\biskey:1\b/.test(line))
    },
  }
}
