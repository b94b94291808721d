// The editor of a guide: pictures by paste, drop or choice, and a preview that follows the text.

import { callApi, describeProblem, ownHeaders } from './api'
import { t, tn } from './i18n/message'

const waitMs = 350

/** Makes the guide when there is none, for assets belong to one; answers its number. */
const ensureGuide = async (form: HTMLFormElement): Promise<number> => {
  if (form.dataset.guide) return Number(form.dataset.guide)
  const guide = await callApi<{ id: number }>('POST', '/api/guides', JSON.parse(form.dataset.guidePlace!))
  form.dataset.guide = String(guide.id)
  return guide.id
}

const uploadAsset = async (guideId: number, file: File) => {
  const body = new FormData()
  body.set('guide_id', String(guideId))
  body.set('file', file, file.name || 'picture.png')
  const response = await fetch('/api/assets', { method: 'POST', headers: ownHeaders(), body })
  const text = await response.text()
  if (!response.ok) throw new Error(text.replace(/^[^A-Z]*|["\]}]+$/g, ''))
  return JSON.parse(text) as { uuid: string; filename: string }
}

const start = (form: HTMLFormElement) => {
  const text = form.querySelector<HTMLTextAreaElement>('[name="markdown"]')!
  const preview = form.querySelector<HTMLElement>('[data-guide-preview]')!
  const state = form.querySelector<HTMLElement>('[data-guide-state]')!
  const picker = form.querySelector<HTMLInputElement>('[data-guide-file]')!
  for (const part of form.querySelectorAll<HTMLElement>('[data-needs-script]')) part.hidden = false
  form.querySelector<HTMLElement>('[data-guide-render]')!.hidden = true

  let timer: ReturnType<typeof setTimeout> | undefined
  let asked = 0
  const render = async () => {
    const mine = ++asked
    const body = new URLSearchParams({ markdown: text.value, csrf: form.querySelector<HTMLInputElement>('[name="csrf"]')!.value })
    const response = await fetch('/guides/preview', { method: 'POST', headers: ownHeaders(), body })
    if (!response.ok || response.redirected || mine !== asked) return
    // Cleaned by the server: nothing in it runs.
    preview.innerHTML = await response.text()
  }
  const renderSoon = () => {
    clearTimeout(timer)
    timer = setTimeout(() => void render().catch(() => {}), waitMs)
  }

  const insert = (words: string) => {
    text.setRangeText(words, text.selectionStart, text.selectionEnd, 'end')
    text.dispatchEvent(new Event('input', { bubbles: true }))
  }
  const take = async (files: File[]) => {
    try {
      const guideId = await ensureGuide(form)
      for (const [i, file] of files.entries()) {
        state.textContent = t('Uploading {number} of {count}…', { number: i + 1, count: files.length })
        const { uuid, filename } = await uploadAsset(guideId, file)
        const name = filename.replaceAll(/[[\]\\]/g, ' ')
        insert(`${file.type.startsWith('image/') ? '!' : ''}[${name}](/api/assets/${uuid})\n`)
      }
      state.textContent = tn(files.length, 'The file is in the text.', '{count} files are in the text.')
    } catch (problem) {
      state.textContent = describeProblem(problem)
    }
  }

  text.addEventListener('input', renderSoon)
  text.addEventListener('paste', (event) => {
    const files = [...(event.clipboardData?.files ?? [])]
    if (!files.length) return
    event.preventDefault()
    void take(files)
  })
  text.addEventListener('dragover', (event) => event.dataTransfer?.types.includes('Files') && event.preventDefault())
  text.addEventListener('drop', (event) => {
    const files = [...(event.dataTransfer?.files ?? [])]
    if (!files.length) return
    event.preventDefault()
    void take(files)
  })
  picker.addEventListener('change', () => {
    const files = [...(picker.files ?? [])]
    picker.value = ''
    if (files.length) void take(files)
  })
  let isSaved = true
  text.addEventListener('input', () => {
    isSaved = false
  })
  form.addEventListener('submit', () => {
    isSaved = true
  })
  addEventListener('beforeunload', (event) => {
    if (!isSaved) event.preventDefault()
  })
}

export const startGuide = () => {
  const form = document.querySelector<HTMLFormElement>('form[data-guide]')
  if (form) start(form)
}
