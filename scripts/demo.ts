// The demo project as data: labels, tasks and what is drawn on them, in image pixels.

type Drawing = { label: string; type: string; points: number[]; attributes?: Record<string, string> }
type Motion = { label: string; boxes: Record<number, number[]> }

export const labels = [
  {
    name: 'person',
    color: '#2563eb',
    attributes: [
      { name: 'pose', mutable: true, input_type: 'select', default_value: 'standing', values: ['standing', 'sitting', 'lying'] },
    ],
  },
  {
    name: 'animal',
    color: '#d97706',
    attributes: [
      { name: 'species', mutable: false, input_type: 'text', default_value: '', values: [''] },
      { name: 'looking at camera', mutable: true, input_type: 'checkbox', default_value: 'false', values: ['false'] },
    ],
  },
  { name: 'face', color: '#db2777', attributes: [] },
  { name: 'eye', color: '#65a30d', attributes: [] },
  { name: 'helmet', color: '#7c3aed', attributes: [] },
  { name: 'tableware', color: '#dc2626', attributes: [] },
  { name: 'spacecraft', color: '#0891b2', attributes: [] },
  { name: 'tower', color: '#64748b', attributes: [] },
]

export const pictures: Record<string, Drawing[]> = {
  'astronaut.jpg': [
    {
      label: 'person',
      type: 'polygon',
      points: [
        184, 30, 217, 15, 262, 22, 292, 55, 300, 91, 290, 121, 272, 131, 264, 166, 257, 186, 292, 202, 304, 240, 343, 272, 361,
        346, 313, 373, 287, 413, 278, 511, 90, 511, 60, 495, 25, 479, 22, 403, 38, 302, 50, 265, 82, 234, 116, 216, 114, 192, 131,
        166, 183, 151, 177, 126, 156, 116, 154, 81, 166, 45,
      ],
      attributes: { pose: 'sitting' },
    },
    { label: 'face', type: 'rectangle', points: [179, 72, 272, 190] },
    { label: 'eye', type: 'points', points: [205, 101, 242, 102] },
    {
      label: 'helmet',
      type: 'polygon',
      points: [278, 474, 292, 413, 328, 363, 383, 344, 444, 365, 484, 413, 499, 464, 511, 489, 504, 511, 278, 511],
    },
    {
      label: 'spacecraft',
      type: 'polygon',
      points: [
        398, 30, 407, 3, 421, 1, 433, 14, 437, 40, 450, 45, 455, 71, 454, 197, 459, 207, 456, 237, 424, 267, 383, 264, 355, 222,
        381, 181, 386, 86, 396, 76,
      ],
    },
  ],
  'chelsea.jpg': [
    {
      label: 'animal',
      type: 'polygon',
      points: [
        60, 1, 356, 1, 383, 1, 363, 76, 356, 151, 360, 202, 323, 264, 272, 292, 217, 298, 106, 242, 45, 202, 25, 151, 35, 60,
      ],
      attributes: { species: 'cat', 'looking at camera': 'false' },
    },
    { label: 'eye', type: 'ellipse', points: [171, 116, 206, 86] },
    { label: 'eye', type: 'ellipse', points: [319, 136, 342, 110] },
  ],
  'coffee.jpg': [
    { label: 'tableware', type: 'ellipse', points: [278, 216, 479, 43] },
    {
      label: 'tableware',
      type: 'polygon',
      points: [
        290, 18, 340, 26, 380, 50, 404, 84, 408, 118, 396, 180, 372, 214, 330, 240, 262, 246, 250, 282, 226, 304, 202, 306, 194,
        288, 196, 262, 216, 238, 196, 214, 182, 170, 173, 108, 184, 68, 214, 38, 250, 22,
      ],
    },
    {
      label: 'tableware',
      type: 'polygon',
      points: [398, 76, 413, 68, 424, 78, 390, 218, 407, 266, 388, 318, 352, 329, 326, 300, 336, 258, 366, 242, 378, 216],
    },
  ],
  'rocket.jpg': [
    { label: 'spacecraft', type: 'rectangle', points: [307, 126, 336, 407] },
    { label: 'tower', type: 'polygon', points: [48, 1, 88, 1, 82, 348, 72, 425, 1, 425, 14, 372] },
    { label: 'tower', type: 'polygon', points: [561, 1, 601, 1, 636, 340, 638, 425, 576, 425, 570, 348] },
    { label: 'tower', type: 'rectangle', points: [186, 122, 206, 402] },
    { label: 'tower', type: 'rectangle', points: [436, 122, 454, 400] },
  ],
}

/** Frame → box of the rabbit in the clip (1280 × 720, 25 frames a second). */
export const motions: Motion[] = [
  {
    label: 'animal',
    boxes: { 0: [236, 254, 524, 560], 37: [164, 76, 700, 604], 75: [160, 70, 616, 632], 112: [276, 50, 602, 630] },
  },
]

export const clip = 'bigbuckbunny.mp4'
