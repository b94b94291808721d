// The names that a query may compare, as data: what each means, and other ways to write it. The help of the page is made of this.

export type FieldKind = 'number' | 'text' | 'choice' | 'time' | 'flag'
export type FieldInfo = {
  name: string
  aliases?: string[]
  kind: FieldKind
  /** Values to offer while typing. */
  values?: string[]
  help: string
  example: string
}

export const fields = [
  { name: 'label', aliases: ['class'], kind: 'text', help: 'Name of the label', example: 'label:car,truck' },
  {
    name: 'type',
    aliases: ['shape', 'kind'],
    kind: 'choice',
    values: ['rectangle', 'polygon', 'polyline', 'points', 'ellipse', 'cuboid', 'mask', 'skeleton', 'tag', 'track', 'shape'],
    help: 'Kind of shape; track, shape and tag tell how it is stored',
    example: 'type:polygon',
  },
  { name: 'width', aliases: ['w'], kind: 'number', help: 'Pixels, before a rotation', example: 'width>100' },
  { name: 'height', aliases: ['h'], kind: 'number', help: 'Pixels, before a rotation', example: 'height:20..40' },
  {
    name: 'area',
    kind: 'number',
    help: 'Square pixels: of the shape itself, or of its box when it covers nothing',
    example: 'area<64',
  },
  { name: 'rotation', aliases: ['angle'], kind: 'number', help: 'Degrees clockwise', example: 'rotation>0' },
  { name: 'score', aliases: ['confidence'], kind: 'number', help: 'Confidence of a model, from 0 to 1', example: 'score<0.5' },
  { name: 'votes', kind: 'number', help: 'People who agreed on it when replicas were merged', example: 'votes<3' },
  {
    name: 'source',
    kind: 'choice',
    values: ['manual', 'auto', 'semi-auto', 'file', 'consensus'],
    help: 'Where it came from',
    example: 'source:auto',
  },
  { name: 'occluded', aliases: ['occlusion'], kind: 'flag', help: 'Partly hidden', example: '-occluded' },
  { name: 'group', kind: 'number', help: 'Number of the group, 0 for none', example: 'group>0' },
  { name: 'z', aliases: ['z_order', 'layer'], kind: 'number', help: 'Layer', example: 'z>0' },
  { name: 'id', kind: 'number', help: 'Number of the object', example: 'id:1204' },
  { name: 'frame', kind: 'number', help: 'Number of the frame in its task', example: 'frame:0..99' },
  { name: 'name', aliases: ['file', 'filename', 'image'], kind: 'text', help: 'File name of the frame', example: 'name:*.png' },
  { name: 'objects', aliases: ['count'], kind: 'number', help: 'Objects that begin on the frame', example: 'objects:0' },
  { name: 'project', kind: 'text', help: 'Name or number of the project', example: 'project:streets' },
  { name: 'task', kind: 'text', help: 'Name or number of the task', example: 'task:12' },
  { name: 'subset', kind: 'text', help: 'Subset of the task', example: 'subset:train' },
  { name: 'job', kind: 'number', help: 'Number of the job', example: 'job:31' },
  {
    name: 'job.state',
    aliases: ['state'],
    kind: 'choice',
    values: ['new', 'in progress', 'completed', 'rejected'],
    help: 'State of the job',
    example: 'job.state:completed',
  },
  {
    name: 'job.stage',
    aliases: ['stage'],
    kind: 'choice',
    values: ['annotation', 'validation', 'acceptance'],
    help: 'Stage of the job',
    example: 'stage:validation',
  },
  {
    name: 'job.type',
    kind: 'choice',
    values: ['annotation', 'ground_truth', 'replica'],
    help: 'Kind of the job',
    example: 'job.type:ground_truth',
  },
  {
    name: 'annotator',
    aliases: ['assignee', 'user', 'job.assignee'],
    kind: 'text',
    values: ['me', 'none'],
    help: 'Who the job is assigned to: a user name, me or none',
    example: 'annotator:ann',
  },
  {
    name: 'updated',
    aliases: ['date', 'job.updated'],
    kind: 'time',
    help: 'When the job was last changed',
    example: 'updated>=2026-01-31',
  },
  { name: 'created', aliases: ['job.created'], kind: 'time', help: 'When the job was made', example: 'created<2026-02' },
] as const satisfies FieldInfo[]

export type FieldName = (typeof fields)[number]['name']

const byName = new Map<string, FieldInfo & { name: FieldName }>()
for (const field of fields as readonly (FieldInfo & { name: FieldName })[])
  for (const name of [field.name, ...(field.aliases ?? [])]) byName.set(name, field)

/** The field of a name or alias, in any case. */
export const findField = (name: string) => byName.get(name.toLowerCase())

/** What belongs to an object; the rest holds for its frame, job or task. */
const objectFields: ReadonlySet<string> = new Set<FieldName>([
  'label',
  'type',
  'width',
  'height',
  'area',
  'rotation',
  'score',
  'votes',
  'source',
  'occluded',
  'group',
  'z',
  'id',
])
export const isObjectField = (name: string) => objectFields.has(name)
