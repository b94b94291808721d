// What values the five kinds of attributes take.
import type { Attribute } from '../../formats/model'

const isFlag = (text: string) => /^(true|false)$/i.test(text)
const isNumber = (text: string) => text.trim() !== '' && Number.isFinite(Number(text))

/** Why a value is not one of the attribute's; nothing when it is. What a label takes for its default is always fine. */
export const findValueProblem = ({ input_type, values, default_value, name }: Attribute, text: string): string | undefined => {
  if (text === default_value) return undefined
  switch (input_type) {
    case 'checkbox':
      return isFlag(text) ? undefined : `"${text}" is not true or false, as attribute "${name}" wants.`
    case 'number': {
      const [low, high] = values.map(Number)
      if (!isNumber(text)) return `"${text}" is not a number, as attribute "${name}" wants.`
      const isBounded = Number.isFinite(low) && Number.isFinite(high)
      return isBounded && (Number(text) < low! || Number(text) > high!)
        ? `${text} is not from ${low} to ${high}, as attribute "${name}" wants.`
        : undefined
    }
    case 'select':
    case 'radio':
      return values.includes(text) ? undefined : `"${text}" is not a value of attribute "${name}".`
    case 'text':
      return undefined
  }
}
