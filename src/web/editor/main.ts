// Entry of the 2D editor.
import { boot } from './boot'
import { pictureKit } from './picture-kit'

boot(pictureKit)
