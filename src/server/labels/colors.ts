// The palette for labels: 24 colours chosen to be told apart, also by colour-blind people.

export const palette = [
  '#e6194b', '#3cb44b', '#ffe119', '#4363d8', '#f58231', '#911eb4', '#42d4f4', '#f032e6', '#bfef45', '#fabed4', '#469990', '#dcbeff',
  '#9a6324', '#fffac8', '#800000', '#aaffc3', '#808000', '#ffd8b1', '#000075', '#a9a9a9', '#ff6037', '#33ddff', '#b83df5', '#2a7d4f',
] // biome-ignore format: a table

/** A colour for a new label: by its name, so that equal names get equal colours, and not one that is taken while others are free. */
export const pickColor = (name: string, taken: readonly string[]): string => {
  const start = Number(Bun.hash.crc32(name)) % palette.length
  const order = palette.map((_, i) => palette[(start + i) % palette.length]!)
  return order.find((color) => !taken.includes(color)) ?? order[0]!
}
