// Why an object is suspected, in words: as titles of reasons and as sentences about one object.
import { t } from '../../web/ui/i18n/message'
import type { Details, Reason } from './thing'

/** Titles of reasons, in the language of the page. */
export const titleOf = (reason: Reason): string => titles[reason]()
const titles: Record<Reason, () => string> = {
  duplicate: () => t('Drawn twice'),
  conflicting_label: () => t('Two labels on one thing'),
  label_flip: () => t('Label changes for a moment'),
  off_track: () => t('Key frame beside its track'),
  track_jump: () => t('Track leaps'),
  track_size: () => t('Size of a track changes for a moment'),
  size_outlier: () => t('Unusual size'),
  shape_outlier: () => t('Unusual shape'),
  tiny: () => t('Tiny'),
  outside_picture: () => t('Outside of the picture'),
  attribute_flip: () => t('Value changes for a moment'),
  rare_values: () => t('Rare values'),
  number_outlier: () => t('Unusual number'),
  empty_text: () => t('Text is missing'),
}

type Names = { label: string; other: string; suggestion: string }

const round = (value: number) => (value >= 10 ? Math.round(value) : Math.round(value * 10) / 10)
const percent = (value = 0) => Math.round(value * 100)
/** `1 : 4.2` or `4.2 : 1`. */
const asRatio = (value: number) => (value >= 1 ? `${round(value)} : 1` : `1 : ${round(1 / value)}`)
const listValues = ({ attributes = [] }: Details) => attributes.map(({ name, value }) => `${name}: ${value}`).join(', ')

const sentences: Record<Reason, (details: Details, names: Names) => string> = {
  duplicate: ({ value, other }, { label }) =>
    other?.kind === 'tag'
      ? t('The frame has the tag “{label}” already', { label })
      : t('Covers {percent} % of “{label}” {id}, which has the same label', {
          percent: percent(value),
          label,
          id: `#${other?.id}`,
        }),
  conflicting_label: ({ value }, { other }) =>
    t('Lies on an object with the label “{label}” to {percent} %', { percent: percent(value), label: other }),
  label_flip: ({ count = 1 }, { suggestion }) =>
    t('Before and after it is “{label}”; frames with this label: {count}', { label: suggestion, count }),
  off_track: ({ value = 0 }) => t('Lies {n} of its own sizes beside the way between its neighbours', { n: round(value) }),
  track_jump: ({ value = 0 }) => t('Moves by {n} of its own sizes a frame, far more than usual', { n: round(value) }),
  track_size: ({ value = 0 }) => t('Its size is off by {n} times from the key frames around it', { n: round(value) }),
  size_outlier: ({ value = 1 }, { label }) =>
    value >= 1
      ? t('About {n} times as large as “{label}” usually is', { n: round(value), label })
      : t('About {n} times smaller than “{label}” usually is', { n: round(1 / value), label }),
  shape_outlier: ({ value = 1, usual = 1, total }, { label }) =>
    total
      ? t('Fills {own} % of its box; “{label}” usually fills {usual} %', { own: percent(value), usual: percent(usual), label })
      : t('Width to height is {own}; “{label}” usually has {usual}', { own: asRatio(value), usual: asRatio(usual), label }),
  tiny: ({ value = 0 }) => t('Only {n} px across', { n: round(value) }),
  outside_picture: ({ value }) => t('{percent} % of it are outside of the picture', { percent: percent(value) }),
  attribute_flip: (details) => t('Differs for one key frame: {values}', { values: listValues(details) }),
  rare_values: (details) =>
    t('{count} of {total} have this: {values}', {
      count: details.count ?? 1,
      total: details.total ?? 1,
      values: listValues(details),
    }),
  number_outlier: (details) =>
    t('{values}, where {usual} is usual', { values: listValues(details), usual: round(details.usual ?? 0) }),
  empty_text: ({ attributes, total = 0, count = 0 }) =>
    t('“{name}” is empty; {count} of {total} have it', { name: attributes?.[0]?.name ?? '', count: total - count, total }),
}

/** One sentence about one object. */
export const describeFinding = (reason: Reason, details: Details, names: Names): string => sentences[reason](details, names)
