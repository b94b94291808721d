// The ways of working: what each is called in addresses, and what it lets people do.

export const workspaces = ['standard', 'attributes', 'tags', 'single_shape', 'review'] as const
export type Workspace = (typeof workspaces)[number]

export type WorkspaceFacts = {
  title: string
  /** Shapes can be moved and reshaped by hand. */
  edits: boolean
  /** The rail offers tools that draw. */
  draws: boolean
  /** A panel of its own takes the place of the tabs. */
  panel: boolean
  /** What the status line says while nothing is drawn; empty = what the tool says. */
  hint: string
}

export const workspaceFacts: Record<Workspace, WorkspaceFacts> = {
  standard: { title: 'Standard', edits: true, draws: true, panel: false, hint: '' },
  attributes: {
    title: 'Attributes',
    edits: false,
    draws: false,
    panel: true,
    hint: 'Tab goes to the next object, arrows to the next attribute, numbers pick values',
  },
  tags: { title: 'Tags', edits: false, draws: false, panel: true, hint: 'Numbers set tags, N adds the chosen one, F goes on' },
  single_shape: { title: 'Single shape', edits: true, draws: false, panel: true, hint: 'N draws, Esc drops' },
  review: {
    title: 'Review',
    edits: false,
    draws: false,
    panel: false,
    hint: 'N marks a place, a right click opens an issue on an object',
  },
}

/** A workspace by its name in addresses, with CVAT's other spellings; unknown names give the standard one. */
export const readWorkspace = (name: string | null | undefined): Workspace => {
  const plain = (name ?? '').toLowerCase().replace(/[\s-]+/g, '_')
  const spellings: Record<string, Workspace> = {
    attribute: 'attributes',
    attribute_annotation: 'attributes',
    tag: 'tags',
    tag_annotation: 'tags',
    review_mode: 'review',
  }
  return workspaces.find((one) => one === plain) ?? spellings[plain] ?? 'standard'
}
