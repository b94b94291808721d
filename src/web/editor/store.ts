// Holds the state that the screen shows, and tells listeners once per animation frame which parts of it changed.

export type Listener<S> = (state: S, changed: ReadonlySet<keyof S>) => void

export class Store<S extends object> {
  private readonly listeners: { keys: ReadonlySet<keyof S>; run: Listener<S> }[] = []
  private changed = new Set<keyof S>()
  private scheduled = false

  constructor(
    public state: S,
    /** Defers one run, e.g. to the next animation frame. */
    private readonly defer: (run: () => void) => void,
  ) {}

  set(part: Partial<S>): void {
    let any = false
    for (const key of Object.keys(part) as (keyof S)[]) {
      if (Object.is(this.state[key], part[key])) continue
      this.changed.add(key)
      any = true
    }
    if (!any) return
    this.state = { ...this.state, ...part }
    if (this.scheduled) return
    this.scheduled = true
    this.defer(() => this.flush())
  }

  /** Listeners run in the order of subscription. */
  subscribe(keys: readonly (keyof S)[], run: Listener<S>): void {
    this.listeners.push({ keys: new Set(keys), run })
  }

  flush(): void {
    this.scheduled = false
    const changed = this.changed
    this.changed = new Set()
    if (changed.size === 0) return
    for (const { keys, run } of this.listeners) {
      for (const key of changed) {
        if (!keys.has(key)) continue
        run(this.state, changed)
        break
      }
    }
  }
}
