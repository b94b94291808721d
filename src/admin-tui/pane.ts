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
}

export type Detail = { heading: string } | { label: string; value: string; tone?: Tone } | { text: string; tone?: Tone }

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
  | { kind: 'question'; text: string; warning?: string }

export type Outcome = { said: string /** Id of the row to select. */; select?: string }

export type Action<Row> = {
  key: string
  /** One or two words: what happens. */
  label: string
  needs: 'row' | 'nothing'
  isOffered?: (row: Row) => boolean
  prepare?: (row: Row) => Preparation | Promise<Preparation>
  run: (row: Row, values: Values) => Promise<Outcome>
}

/** A group of numbers above the list, such as one lane of the queue. */
export type Counter = { label: string; values: { label: string; value: number; tone?: Tone }[] }

export type Loaded<Row> = { rows: Row[] /** When there are more than were loaded. */; total?: number; counters?: Counter[] }

export type Pane<Row = any> = {
  /** For `:name`. */
  name: string
  title: string
  /** One sentence for the help. */
  about: string
  columns: Column<Row>[]
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
}

/** Checks a pane against its row type and forgets the type, so that panes fit into one list. */
export const definePane = <Row>(pane: Pane<Row>): Pane => pane
