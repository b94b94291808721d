// File names of masks.

export type NameMask = (id: string, label: string, boxId: string) => string

/** `<id>_<label>_<box id>.png` without unsafe characters; a number keeps names apart that would become the same. */
export function createMaskNamer(): NameMask {
  const used = new Set<string>()
  return (id, label, boxId) => {
    const [safeId, safeLabel] = [dropUnsafe(id), dropUnsafe(label)]
    const base = `${safeId}_${safeLabel}_${boxId}`
    // Names that lost nothing cannot meet each other.
    if (safeId === id && safeLabel === label) return `${base}.png`
    let name = `${base}.png`
    for (let number = 2; used.has(name); number++) name = `${base}-${number}.png`
    used.add(name)
    return name
  }
}

function dropUnsafe(text: string): string {
  return text
    .normalize('NFKD')
    .replace(/[^\w\s-]/g, '')
    .trim()
    .replace(/\s+/g, '-')
}
