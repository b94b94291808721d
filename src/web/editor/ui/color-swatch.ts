// A small square in the colour of something, that opens the browser's colour picker; chosen colours are told once per choice.
import { describe } from './button'
import { h } from './dom'

export type ColorSwatch = { element: HTMLElement; set: (color: string, title: string) => void }

/** Colours that are not written as `#rrggbb` cannot be shown by the picker: it starts from grey. */
const asHex = (color: string): string => (/^#[0-9a-f]{6}$/i.test(color) ? color.toLowerCase() : '#9aa4b2')

export const makeColorSwatch = (testId: string, choose: (color: string) => void): ColorSwatch => {
  const input = h('input', {
    type: 'color',
    class: 'ed-swatch ed-swatch-pick',
    'data-testid': testId,
    on: { change: () => choose(input.value) },
  })
  return {
    element: input,
    set: (color, title) => {
      const hex = asHex(color)
      if (input.value !== hex) input.value = hex
      describe(input, title)
    },
  }
}
