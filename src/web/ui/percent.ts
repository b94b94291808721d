// Shares of 1 as people read and write them: in percent.
import { readLanguage, t } from './i18n/message'

/** `83.3 %` in the language of the page; a dash for what cannot be said. */
export const formatShare = (value: number | null | undefined): string =>
  value === null || value === undefined || Number.isNaN(value)
    ? '–'
    : new Intl.NumberFormat(readLanguage(), { style: 'percent', maximumFractionDigits: 1 }).format(value)

/** What a field of a form says, or what is wrong with it. */
export type Read<T> = { value: T; problem?: undefined } | { value?: undefined; problem: string }

/** A share of 1 from a text in percent. */
export const readPercent = (text: string): Read<number> => {
  const value = Number(text.trim().replace(',', '.'))
  if (!text.trim() || Number.isNaN(value)) return { problem: t('A number is needed.') }
  return value < 0 || value > 100 ? { problem: t('It must be from 0 to 100 %.') } : { value: Math.round(value * 1e6) / 1e8 }
}

/** `0.1` → `10`, without the noise of binary fractions. */
export const writePercent = (share: number): string => String(Math.round(share * 1e6) / 1e4)
