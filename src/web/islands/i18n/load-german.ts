// A bundle of its own, which only German pages load, before the scripts that show texts.
import { german } from './german'

Object.assign(globalThis, { annolithTexts: german })
