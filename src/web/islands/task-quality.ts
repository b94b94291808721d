// The quality part of the form of a new task: what is shown for a choice, and what the form says about it.
import { t } from './i18n/message'

export const taskQuality = () => ({
  mode: 'none',
  method: 'random_uniform',
  get isValidated() {
    return this.mode !== 'none'
  },
  get isGroundTruth() {
    return this.mode === 'gt'
  },
  get isHoneypots() {
    return this.mode === 'gt_pool'
  },
  get modeHint() {
    const hints: Record<string, string> = {
      gt: t('Some frames get a job of their own'),
      gt_pool: t('Some frames hide in every job'),
    }
    return hints[this.mode] ?? t('Nothing to compare with')
  },
  get percentHint() {
    return this.isGroundTruth && this.method === 'random_per_job' ? t('Of the frames of each job') : t('Of all frames')
  },
  choose(event: Event) {
    this.mode = (event.target as HTMLSelectElement).value
  },
  chooseMethod(event: Event) {
    this.method = (event.target as HTMLSelectElement).value
  },
})

const readNumber = (form: FormData, name: string): number | undefined => {
  const text = String(form.get(name) ?? '').trim()
  return text === '' ? undefined : Number(text)
}
const readShare = (form: FormData, name: string) => (readNumber(form, name) ?? Number.NaN) / 100
const isShare = (value: number) => value > 0 && value <= 1

type Part = { problem: string | null; data: Record<string, unknown> }

const readGroundTruth = (form: FormData): Part => {
  const share = readShare(form, 'validation_percent')
  const method = String(form.get('validation_method'))
  return {
    problem: isShare(share) ? null : t('The share of validation frames must be above 0 and up to 100 %.'),
    data: {
      validation_params: {
        mode: 'gt',
        frame_selection_method: method,
        [method === 'random_per_job' ? 'frames_per_job_share' : 'frame_share']: share,
        random_seed: readNumber(form, 'validation_seed'),
      },
    },
  }
}

const readHoneypots = (form: FormData): Part => {
  const [total, perJob] = [readShare(form, 'validation_percent'), readShare(form, 'per_job_percent')]
  const isFine = isShare(total) && total < 1 && isShare(perJob)
  return {
    problem: isFine ? null : t('Honeypots need less than 100 % of the frames, and up to 100 % per job, both above 0.'),
    data: {
      // Honeypots are possible in random order only.
      sorting_method: 'random',
      validation_params: {
        mode: 'gt_pool',
        frame_selection_method: 'random_uniform',
        frame_share: total,
        frames_per_job_share: perJob,
        random_seed: readNumber(form, 'validation_seed'),
      },
    },
  }
}

const readers: Record<string, (form: FormData) => Part> = { gt: readGroundTruth, gt_pool: readHoneypots }

export type Quality = {
  /** The first thing that is wrong, in words. */
  problem: string | null
  /** What goes to the new task, and what to its media. */
  task: { consensus_replicas?: number }
  data: Record<string, unknown>
}

/** What a form says about quality; nothing when it has no such part. */
export const readQuality = (form: FormData): Quality => {
  const replicas = readNumber(form, 'consensus_replicas') ?? 0
  const { problem, data } = readers[String(form.get('validation_mode'))]?.(form) ?? { problem: null, data: {} }
  const isFine = replicas === 0 || (replicas >= 2 && replicas <= 10 && Number.isInteger(replicas))
  return {
    problem: isFine ? problem : t('Consensus replicas must be 0, or from 2 to 10.'),
    task: replicas ? { consensus_replicas: replicas } : {},
    data,
  }
}
