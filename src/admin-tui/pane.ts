// What a pane is: one list of the console with its columns, details and actions, as data.

/** Meaning of a piece of text; screen.ts maps it to colours, which never carry a meaning alone. */
export type Tone = 'plain' | 'strong' | 'muted' | 'accent' | 'good' | 'warn' | 'bad'
export type Span = { text: string; tone?: Tone; inverse?: true; underline?: true }
export type Line = Span[]

export type Column<Row> = {
  title: string
  /** Cells; 'rest' shares what the other columns leave. */
  width: number | 'rest'
  show: (row: Row) => string
  tone?: (row: Row) => Tone
  right?: true
  /** Shown only when the list is at least this many cells wide. */
  from?: number
  /** What rows are sorted by where that is not the text: times, numbers with units. */
  sort?: (row: Row) => number | string
}

/** Numbers over time, oldest first, with how the newest is written. */
export type Graph = {
  samples: readonly number[]
  /** Top of the scale; without it the largest sample. */
  max?: number
  show: (value: number) => string
}

export type Detail =
  | { heading: string }
  | { label: string; value: string; tone?: Tone }
  | { text: string; tone?: Tone }
  | { graph: Graph; rows: number }

/** One input of a form. `pick` chooses from `options` by arrows or by typing a part. */
export type Field = {
  name: string
  label: string
  kind: 'text' | 'secret' | 'pick'
  options?: string[]
  /** What it starts with. */
  value?: string
  isRequired?: true
  /** Name of the field that must hold the same text. */
  sameAs?: string
}

export type Values = Record<string, string>

/** What an action needs before it runs: nothing, answers, or a yes to a question that says what is touched. */
export type Preparation =
  | { kind: 'none' }
  | { kind: 'form'; title: string; fields: Field[] }
  /** `typed`: what has to be typed instead of a yes, for what cannot be undone. */
  | { kind: 'question'; text: string; warning?: string; typed?: string }

export type Undo = {
  /** What is undone, as the message afterwards says it. */
  said: string
  run: () => Promise<unknown>
}
export type Outcome = { said: string /** Id of the row to select. */; select?: string; undo?: Undo }

export type Action<Row> = {
  key: string
  /** One or two words: what happens. */
  label: string
  /** `rows`: everything that is marked, else the selected row; run for one after the other. */
  needs: 'row' | 'rows' | 'nothing'
  isOffered?: (row: Row) => boolean
  /** `rows` are all that the action is about, `row` the first of them. */
  prepare?: (row: Row, rows: Row[]) => Preparation | Promise<Preparation>
  run: (row: Row, values: Values) => Promise<Outcome>
  /** Shows another pane with this filter instead of running. */
  goTo?: (row: Row) => { pane: string; filter: string }
}

/** A group of numbers above the list, such as one lane of the queue. */
export type Counter = { label: string; values: { label: string; value: number; tone?: Tone }[] }

export type Loaded<Row> = {
  rows: Row[]
  /** When there are more than were loaded. */
  total?: number
  counters?: Counter[]
  /** What is worth knowing of the whole, in one line. */
  note?: { text: string; tone: Tone }
}

export type Pane<Row = any> = {
  /** For `:name`. */
  name: string
  /** Other names for `:`. */
  aliases?: string[]
  title: string
  /** One sentence for the help. */
  about: string
  columns: Column<Row>[]
  /** What `name:value` in a filter asks beside the columns. */
  fields?: Record<string, (row: Row) => string>
  id: (row: Row) => string
  /** Short name of a row, for the title of its details. */
  label: (row: Row) => string
  /** `filter` is a hint for panes that cannot load everything; rows are filtered again on what their columns show. */
  load: (filter: string) => Promise<Loaded<Row>>
  details: (row: Row) => Promise<Detail[]>
  actions: Action<Row>[]
  /** Shown instead of an empty list: why, and the next step. */
  empty: string
  /** Seconds between two looks while the pane is open. */
  refreshSeconds: number
  /** Looks also while another pane is open, for figures over time. */
  isAlwaysLoaded?: true
  /** Each row as a tile with its graph, instead of a list. */
  graph?: (row: Row) => Graph
  /** New rows come at the end, and the last one stays selected until somebody moves away from it. */
  isFollowed?: true
}

/** Checks a pane against its row type and forgets the type, so that panes fit into one list. */
export const definePane = <Row>(pane: Pane<Row>): Pane => pane
