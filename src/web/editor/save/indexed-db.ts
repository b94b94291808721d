// Promises for IndexedDB, and stores whose records belong to a session of the editor.

export const settle = <T>(request: IDBRequest<T>): Promise<T> =>
  new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result)
    request.onerror = () => reject(request.error)
  })

export const complete = (transaction: IDBTransaction): Promise<void> =>
  new Promise((resolve, reject) => {
    transaction.oncomplete = () => resolve()
    transaction.onerror = () => reject(transaction.error)
    transaction.onabort = () => reject(transaction.error)
  })

/** A database with a store of sessions by owner, and stores whose key is the session and one more field. */
export const openSessionDatabase = (name: string, stores: Readonly<Record<string, string>>): Promise<IDBDatabase> => {
  const request = indexedDB.open(name, 1)
  request.onupgradeneeded = () => {
    const database = request.result
    database.createObjectStore('sessions', { keyPath: 'session' }).createIndex('owner', 'owner')
    for (const [store, field] of Object.entries(stores)) database.createObjectStore(store, { keyPath: ['session', field] })
  }
  return settle(request)
}

/** Keys of a session's records, from one value of the second field on. */
export const rangeOf = (session: string, from?: number): IDBKeyRange =>
  IDBKeyRange.bound(from === undefined ? [session] : [session, from], [session, []])
