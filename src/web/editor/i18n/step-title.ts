// The name of a step of undo in the language of the screen: a verb, often with a kind of shape.
import { t } from './message'

export const stepVerbs = ['Draw', 'Move', 'Reshape', 'Rotate', 'Scale', 'Resize', 'Edit', 'Redraw', 'Set', 'Clear'] as const

/** English titles are made where steps are made, e.g. `Move rectangle`. */
export const showStep = (title: string): string => {
  const found = /^(\w+) ([a-z]+)$/.exec(title)
  const verb = stepVerbs.find((one) => one === found?.[1])
  return verb ? t(`${verb} {kind}`, { kind: t(found![2]!) }) : t(title)
}
