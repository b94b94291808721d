// For tests: one more database on the PostgreSQL server of the tests.
import type { Place } from './tables'

let made = 0

/** Answers where it is; it goes with the server of the tests. */
export const createEmptyDatabase = async (url: string): Promise<Place> => {
  const { default: postgres } = await import('postgres')
  const client = postgres(url, { max: 1 })
  const name = `empty_${process.pid}_${++made}`
  try {
    await client.unsafe(`create database ${name}`)
  } finally {
    await client.end()
  }
  const address = new URL(url)
  address.pathname = `/${name}`
  return { url: address.href }
}
