// Sizes in words: 1.5 GB.
import { formatCount, formatDecimal } from '../../web/ui/parts'

const units = ['B', 'kB', 'MB', 'GB', 'TB', 'PB']

/** Bytes with three digits at most and the unit that fits, in steps of 1000. */
export const formatBytes = (bytes: number): string => {
  const step = bytes < 1000 ? 0 : Math.min(units.length - 1, Math.floor(Math.log10(bytes) / 3))
  const value = bytes / 1000 ** step
  return `${step === 0 || value >= 100 ? formatCount(Math.round(value)) : formatDecimal(value)} ${units[step]}`
}
