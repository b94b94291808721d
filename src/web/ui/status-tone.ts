// The colour of each status word, for server and browser.
export type Tone = 'neutral' | 'info' | 'success' | 'warning' | 'danger'

const tones: Record<string, Tone> = {
  validation: 'info',
  acceptance: 'info',
  completed: 'success',
  'in progress': 'info',
  rejected: 'danger',
  started: 'info',
  finished: 'success',
  failed: 'danger',
}

export const toneOf = (status: string): Tone => tones[status] ?? 'neutral'
