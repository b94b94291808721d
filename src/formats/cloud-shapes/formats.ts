// The formats of what is drawn on point clouds beyond cuboids, in the order of menus.
import { semanticKitti } from '../semantic-kitti'
import { datumaroClouds } from './index'
import type { CloudFormat } from './model'

export const cloudFormats: readonly CloudFormat[] = [semanticKitti, datumaroClouds]

export const findCloudFormat = (name: string): CloudFormat | undefined => cloudFormats.find((format) => format.name === name)
