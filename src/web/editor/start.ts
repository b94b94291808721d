// Loads a job and wires document, saving, journal, player and screen together.
import { openDocument } from './document/document'
import { Editor } from './editor'
import { FrameCache } from './frames/frame-cache'
import { listFrames } from './frames/frame-list'
import { Player } from './frames/player'
import { loadPreferences, savePreferences } from './preferences'
import { openApi } from './save/api'
import { attachSaving } from './save/attach-saving'
import { Saver } from './save/saver'
import { type State, startBrush } from './state'
import { Store } from './store'
import { chooseTheme, readTheme } from './theme'
import { findTool } from './tools/registry'
import { openScreen } from './ui/screen'
import { readWorkspace } from './workspaces/workspace'

const pictureLimitBytes = 400 * 1024 * 1024

const loadPicture = (url: (frame: number) => string) => async (frame: number, signal: AbortSignal) => {
  const response = await fetch(url(frame), { credentials: 'same-origin', signal })
  if (!response.ok) throw new Error(`the server answered ${response.status}`)
  return createImageBitmap(await response.blob())
}

const showFrameInAddress = (frame: number): void => {
  const address = new URL(location.href)
  address.searchParams.set('frame', String(frame))
  history.replaceState(history.state, '', address)
}

export const start = async (root: HTMLElement): Promise<Editor> => {
  const jobId = Number(root.dataset.jobId)
  const api = openApi(jobId)
  const [info, labels, meta, loaded] = await Promise.all([api.getJob(), api.getLabels(), api.getMeta(), api.getAnnotations()])
  const frames = listFrames(info.start_frame, info.stop_frame, meta.deleted_frames, meta.included_frames)
  const asked = Number(new URL(location.href).searchParams.get('frame') ?? root.dataset.frame ?? frames.start)
  const frame = frames.nearest(Number.isFinite(asked) ? asked : frames.start)
  const listed = meta.frames[meta.frames.length === 1 ? 0 : frame - info.start_frame]
  const preferences = loadPreferences()
  const state: State = {
    frame,
    wantedFrame: frame,
    picture: { at: 'empty' },
    size: { width: listed?.width ?? 1, height: listed?.height ?? 1 },
    area: { width: 0, height: 0 },
    view: { scale: 1, left: 0, top: 0 },
    toolId: 'cursor',
    toolState: findTool('cursor').start(),
    activeId: null,
    activeStays: false,
    selection: [],
    cursor: null,
    drawLabelId: labels[0]?.id ?? 0,
    drawAs: 'shape',
    drawCount: 0,
    redraws: null,
    brush: startBrush,
    activePart: null,
    appearance: preferences.appearance,
    settings: { ...preferences.settings, theme: readTheme() },
    save: { at: 'saved' },
    pending: 0,
    revision: loaded.revision,
    unwritten: 0,
    edition: 0,
    playing: false,
    // Until the journal is open.
    working: 1,
    // Where it covers the picture it opens on demand only.
    sideOpen: preferences.sideOpen && window.innerWidth > 900,
    sideTab: 'objects',
    workspace: readWorkspace(new URL(location.href).searchParams.get('defaultWorkspace') ?? root.dataset.workspace),
    filter: null,
    playerMode: 'regular',
    angle: 0,
    topLayer: null,
    issuesEdition: 0,
    people: [],
    flyout: null,
    message: null,
    jobState: info.state,
  }
  const store = new Store(state, (run) => requestAnimationFrame(run))
  const labelMap = new Map(labels.map((label) => [label.id, label]))
  const job = { info, meta, labels: labelMap, user: root.dataset.user ?? '' }
  const editor = new Editor(job, api, openDocument(loaded.annotations), frames, store)
  const cache = new FrameCache({ load: loadPicture(api.frameUrl), limitBytes: pictureLimitBytes })
  editor.player = new Player(editor, cache, showFrameInAddress)
  editor.saver = new Saver(
    {
      api,
      document: editor.document,
      now: () => Date.now(),
      schedule: (run, delayMs) => {
        const timer = setTimeout(run, delayMs)
        return () => clearTimeout(timer)
      },
      onChange: (save, base, settled) => {
        editor.journal?.setBase(base.revision, base.shipment)
        editor.journal?.touch(settled)
        const edition = [...settled].length > 0 ? editor.state.edition + 1 : editor.state.edition
        if (save.at === 'refused') editor.explain(`Not saved: ${save.reason}`, 'error')
        store.set({ save, revision: base.revision, pending: editor.document.pendingCount, edition })
      },
    },
    loaded.revision,
  )
  let { showAllTracks } = state.settings
  store.subscribe(['settings', 'appearance', 'sideOpen'], ({ settings, appearance, sideOpen }) => {
    if (settings.showAllTracks !== showAllTracks) editor.redrawAll()
    showAllTracks = settings.showAllTracks
    savePreferences({ settings, appearance, sideOpen })
    chooseTheme(settings.theme)
  })
  openScreen(editor, root)
  editor.scene.open(frame)
  void editor.player.goTo(frame)
  await attachSaving(editor, root)
  return editor
}
