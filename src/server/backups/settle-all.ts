// Waits for several pieces of work until the last one has ended, also when one fails, so that none goes on behind a clean-up.

/** The results in order; throws the error of the first that failed once all have ended. */
export const settleAll = async <T>(work: readonly Promise<T>[]): Promise<T[]> => {
  const ends = await Promise.allSettled(work)
  const failed = ends.find((end) => end.status === 'rejected')
  if (failed) throw failed.reason
  return ends.map((end) => (end as PromiseFulfilledResult<T>).value)
}
