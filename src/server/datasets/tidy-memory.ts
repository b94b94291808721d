// Keeps long loops over annotations small: the engine lets its heap grow with the machine's memory, not with the need.

/** Annotations that are worked through between two collections. */
const every = 20_000

/** Call it with the number of annotations that were just worked through; a collection takes some milliseconds. */
export const createTidier = () => {
  let count = 0
  return (annotations: number) => {
    count += annotations
    if (count < every) return
    count = 0
    Bun.gc(true)
  }
}
