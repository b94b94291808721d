// Choices of a place for files in a form: this server, or one of the cloud storages that the person sees.
import { callApi } from './api'

type Storage = { id: number; display_name: string }
type Place = { location: 'cloud_storage'; cloud_storage_id: number }

/** The places that a form names; one that is this server's is left out. */
export const readStorages = (form: FormData): { source_storage?: Place; target_storage?: Place } => {
  const read = (name: string) => {
    const id = Number(form.get(name))
    return id > 0 ? { [name]: { location: 'cloud_storage', cloud_storage_id: id } } : {}
  }
  return { ...read('source_storage'), ...read('target_storage') }
}

export const storageChoice = () => ({
  storages: [] as Storage[],
  async init() {
    // Without an answer there is this server to choose.
    const found = await callApi<{ results: Storage[] }>('GET', '/api/cloudstorages?page_size=all').catch(() => ({ results: [] }))
    this.storages = found.results
  },
  get hasStorages() {
    return this.storages.length > 0
  },
})
