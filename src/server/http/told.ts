// How far the live events of this process have come: pages carry where they began, so that scripts see whether they missed something.

/** Another process, as well as this one after a restart, counts from elsewhere: then a page is only loaded once more. */
const origin = crypto.randomUUID().slice(0, 8)
let told = 0

export const noteTold = (): void => {
  told++
}
export const readTold = (): string => `${origin}-${told}`
