// Every option of the settings dialog as one line of data.
import type { Settings } from '../state'

export type NumberKey = { [K in keyof Settings]: Settings[K] extends number ? K : never }[keyof Settings]
export type FlagKey = { [K in keyof Settings]: Settings[K] extends boolean ? K : never }[keyof Settings]

export type Option =
  | { type: 'number'; key: NumberKey; testId: string; title: string; min: number; max: number; step?: number }
  | { type: 'slider'; key: NumberKey; testId: string; title: string; min: number; max: number; step?: number; unit: string }
  | { type: 'flag'; key: FlagKey; testId: string; title: string }
  | { type: 'color'; key: 'background' | 'gridColor'; testId: string; title: string }
  | {
      type: 'choice'
      key: 'theme' | 'language' | 'textPosition'
      testId: string
      title: string
      values: { value: string; title: string }[]
    }
  | { type: 'heading'; title: string }

export type Tab = { name: string; testId: string; options: Option[] }

export const tabs: Tab[] = [
  {
    name: 'Player',
    testId: 'settings-player',
    options: [
      { type: 'number', key: 'step', testId: 'setting-step', title: 'Step of forward and back, frames', min: 2, max: 1000 },
      { type: 'number', key: 'speed', testId: 'setting-speed', title: 'Speed, frames a second', min: 1, max: 100 },
      { type: 'flag', key: 'resetZoom', testId: 'setting-reset-zoom', title: 'Fit every frame anew' },
      { type: 'flag', key: 'rotateAll', testId: 'setting-rotate-all', title: 'Turning a picture turns all of them' },
      { type: 'flag', key: 'original', testId: 'setting-original', title: 'Show original pictures' },
      { type: 'flag', key: 'smooth', testId: 'setting-smooth', title: 'Smooth the enlarged picture' },
      { type: 'flag', key: 'showDeleted', testId: 'setting-show-deleted', title: 'Step on deleted frames too' },
      { type: 'flag', key: 'adaptiveZoom', testId: 'setting-adaptive-zoom', title: 'Zoom in fine steps' },
      { type: 'color', key: 'background', testId: 'setting-background', title: 'Colour around the picture' },
    ],
  },
  {
    name: 'Picture',
    testId: 'settings-image',
    options: [
      { type: 'slider', key: 'brightness', testId: 'setting-brightness', title: 'Brightness', min: 50, max: 200, unit: '%' },
      { type: 'slider', key: 'contrast', testId: 'setting-contrast', title: 'Contrast', min: 50, max: 200, unit: '%' },
      { type: 'slider', key: 'saturation', testId: 'setting-saturation', title: 'Saturation', min: 0, max: 300, unit: '%' },
      { type: 'slider', key: 'gamma', testId: 'setting-gamma', title: 'Gamma', min: 0.2, max: 2.6, step: 0.05, unit: '' },
      { type: 'flag', key: 'equalize', testId: 'setting-equalize', title: 'Equalise the histogram' },
      { type: 'heading', title: 'Grid' },
      { type: 'flag', key: 'grid', testId: 'setting-grid', title: 'Show a grid' },
      {
        type: 'number',
        key: 'gridSize',
        testId: 'setting-grid-size',
        title: 'Width of its cells, picture pixels',
        min: 5,
        max: 1000,
      },
      { type: 'color', key: 'gridColor', testId: 'setting-grid-color', title: 'Colour of the grid' },
      {
        type: 'slider',
        key: 'gridOpacity',
        testId: 'setting-grid-opacity',
        title: 'Opacity of the grid',
        min: 0,
        max: 100,
        unit: '%',
      },
    ],
  },
  {
    name: 'Workspace',
    testId: 'settings-workspace',
    options: [
      { type: 'flag', key: 'autosave', testId: 'setting-autosave', title: 'Save automatically' },
      {
        type: 'number',
        key: 'autosaveMinutes',
        testId: 'setting-autosave-interval',
        title: 'Every so many minutes',
        min: 1,
        max: 60,
      },
      { type: 'flag', key: 'showAllTracks', testId: 'setting-show-all-tracks', title: 'List tracks that are outside' },
      { type: 'flag', key: 'alwaysDetails', testId: 'setting-always-details', title: 'Open the attributes of every object' },
      { type: 'flag', key: 'bordering', testId: 'setting-bordering', title: 'Snap drawn points to neighbours' },
      {
        type: 'flag',
        key: 'intelligentCrop',
        testId: 'setting-intelligent-crop',
        title: 'Drop the smaller part of a redrawn polygon unasked',
      },
      { type: 'flag', key: 'showTags', testId: 'setting-show-tags', title: 'Show the tags of the frame on the picture' },
      {
        type: 'number',
        key: 'controlPoints',
        testId: 'setting-control-points',
        title: 'Size of handles, pixels',
        min: 4,
        max: 14,
      },
      {
        type: 'number',
        key: 'focusPadding',
        testId: 'setting-focus-padding',
        title: 'Room around an object in focus, pixels',
        min: 0,
        max: 1000,
      },
      {
        type: 'number',
        key: 'approximation',
        testId: 'setting-approximation',
        title: 'Points of polygons made by machines (0 few, 13 many)',
        min: 0,
        max: 13,
      },
      { type: 'heading', title: 'Text beside objects' },
      { type: 'flag', key: 'textAlways', testId: 'setting-text-always', title: 'Beside all objects, not only the active one' },
      { type: 'flag', key: 'textId', testId: 'setting-text-id', title: 'Number' },
      { type: 'flag', key: 'textLabel', testId: 'setting-text-label', title: 'Label' },
      { type: 'flag', key: 'textAttributes', testId: 'setting-text-attributes', title: 'Attributes' },
      { type: 'flag', key: 'textSource', testId: 'setting-text-source', title: 'Source' },
      { type: 'flag', key: 'textDescriptions', testId: 'setting-text-descriptions', title: 'Descriptions' },
      { type: 'flag', key: 'textDimensions', testId: 'setting-text-dimensions', title: 'Dimensions' },
      { type: 'flag', key: 'textLayer', testId: 'setting-text-layer', title: 'Layer' },
      {
        type: 'choice',
        key: 'textPosition',
        testId: 'setting-text-position',
        title: 'Where the text stands',
        values: [
          { value: 'auto', title: 'beside the object' },
          { value: 'center', title: 'in its centre' },
        ],
      },
      { type: 'number', key: 'textSize', testId: 'setting-text-size', title: 'Size of the text, pixels', min: 8, max: 20 },
      { type: 'heading', title: 'Screen' },
      {
        type: 'choice',
        key: 'theme',
        testId: 'setting-theme',
        title: 'Colours',
        values: [
          { value: 'system', title: 'as the system' },
          { value: 'light', title: 'light' },
          { value: 'dark', title: 'dark' },
        ],
      },
      {
        type: 'choice',
        key: 'language',
        testId: 'setting-language',
        title: 'Language',
        values: [
          { value: 'system', title: 'as the browser' },
          { value: 'en', title: 'English' },
          { value: 'de', title: 'Deutsch' },
        ],
      },
    ],
  },
]

/** What speaks of pixels, pictures and flat shapes. */
const flatOnly: ReadonlySet<string> = new Set([
  ...['rotateAll', 'original', 'smooth', 'adaptiveZoom', 'background', 'bordering', 'intelligentCrop', 'approximation'],
  ...['brightness', 'contrast', 'saturation', 'gamma', 'equalize', 'grid', 'gridSize', 'gridColor', 'gridOpacity'],
  ...['focusPadding', 'textLayer', 'textPosition'],
])

/** The options of an editor; tabs that would be empty are left out. */
export const listTabs = (dimension: '2d' | '3d'): readonly Tab[] => {
  if (dimension === '2d') return tabs
  const solid = tabs.map((tab) => ({
    ...tab,
    options: tab.options.filter((option) => !('key' in option && flatOnly.has(option.key))),
  }))
  return solid.filter((tab) => tab.options.some((option) => 'key' in option))
}
