// Writes point clouds of a street for benchmarks.

/** A street 400 m long: ground, walls, parked cars, and a few stray points high above. */
export const writeStreet = async (count: number, path: string) => {
  let state = 1
  const draw = () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0
    return state / 2 ** 32
  }
  const file = Bun.file(path).writer({ highWaterMark: 1 << 22 })
  file.write(
    `VERSION .7\nFIELDS x y z intensity\nSIZE 4 4 4 4\nTYPE F F F F\nCOUNT 1 1 1 1\nWIDTH ${count}\nHEIGHT 1\nVIEWPOINT 0 0 0 1 0 0 0\nPOINTS ${count}\nDATA binary\n`,
  )
  const block = 1 << 16
  for (let from = 0; from < count; from += block) {
    const rows = Math.min(block, count - from)
    const values = new Float32Array(rows * 4)
    for (let row = 0; row < rows; row++) {
      const [kind, x] = [draw(), draw() * 400 - 200]
      const place =
        kind < 0.6
          ? [x, draw() * 40 - 20, draw() * 0.05]
          : kind < 0.9
            ? [x, (draw() < 0.5 ? -20 : 20) + draw() * 0.1, draw() * 12]
            : kind < 0.999
              ? [Math.floor(x / 8) * 8 + draw() * 4.2, (draw() < 0.5 ? -6 : 6) + draw() * 1.8, draw() * 1.6]
              : [x, draw() * 40 - 20, draw() * 40]
      values.set([...place, draw()], row * 4)
    }
    file.write(values)
    await file.flush()
  }
  await file.end()
}
