// Where copied shapes wait for other tabs and jobs of this browser; as text they also reach the system's clipboard.
import type { Label } from '../../../formats/model'
import { readClipboard, writeClipboard } from './clipboard'
import type { Content } from './object'

const storageKey = 'annolith-clipboard'

export const rememberClipboard = (contents: readonly Content[], labels: ReadonlyMap<number, Label>): void => {
  const text = writeClipboard(contents, labels)
  try {
    localStorage.setItem(storageKey, text)
  } catch {}
  // Refused where the page is not served securely: the storage is enough within this browser.
  void navigator.clipboard?.writeText(text).catch(() => {})
}

export const recallClipboard = (labels: ReadonlyMap<number, Label>): Content[] => {
  try {
    return readClipboard(localStorage.getItem(storageKey), labels)
  } catch {
    return []
  }
}
