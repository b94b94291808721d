// Entry of the editor of point clouds.
import { boot } from '../editor/boot'
import { makeSceneKit } from './scene-kit'

boot(makeSceneKit())
