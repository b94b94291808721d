// Loads a job and wires document, saving, journal, player and screen together.

import type { Annotations } from '../../formats/model'
import { openVision } from '../vision/vision'
import { reportActivity } from './activity/report-activity'
import { Assist } from './assist/assist'
import { commands, takeCommands } from './commands/registry'
import { shortcuts } from './commands/shortcuts'
import { openDocument } from './document/document'
import { Editor } from './editor'
import type { Logic } from './filters/logic'
import { DeletedFrames } from './frames/deleted-frames'
import { listFrames } from './frames/frame-list'
import { recallFrame, rememberFrame } from './frames/last-frames'
import { copyOriginal } from './frames/load-picture'
import { Player } from './frames/player'
import { pickLanguage, readLanguage, setLanguage, t } from './i18n/message'
import type { EditorKit } from './kit'
import { attachStream } from './live/stream'
import { openModelApi } from './models/model-api'
import { ModelBook } from './models/model-book'
import { keepPreferences, recallPreferences } from './preferences'
import { openPersonSettings } from './preferences-server'
import { ConflictBook } from './review/conflict-book'
import { IssueBook } from './review/issue-book'
import { hasMerged, VoteBook } from './review/vote-book'
import { openApi } from './save/api'
import { attachSaving } from './save/attach-saving'
import { Saver } from './save/saver'
import { type State, startBrush } from './state'
import { Store } from './store'
import { chooseTheme, readTheme } from './theme'
import { findTool, takeTools } from './tools/registry'
import { offerGuide } from './ui/guide-dialog'
import { openScreen } from './ui/screen'
import { attachWorkspaces } from './workspaces/attach-workspaces'
import { startSingle } from './workspaces/single-shape'
import { readWorkspace } from './workspaces/workspace'

const showFrameInAddress = (frame: number): void => {
  const address = new URL(location.href)
  address.searchParams.set('frame', String(frame))
  history.replaceState(history.state, '', address)
}

/** The object that the address names: its frame, and a filter that shows nothing else. */
const findLinked = (address: URL, annotations: Annotations): { frame: number; filter: Logic } | null => {
  const id = Number(address.searchParams.get('serverID'))
  const lists = { shape: annotations.shapes, track: annotations.tracks, tag: annotations.tags }
  const type = address.searchParams.get('type') ?? 'shape'
  const found = id > 0 && type in lists ? lists[type as keyof typeof lists].find((one) => one.id === id) : undefined
  if (!found) return null
  const asked = Number(address.searchParams.get('frame') ?? Number.NaN)
  const frame = type === 'track' && asked >= found.frame ? asked : found.frame
  return { frame, filter: { and: [{ '==': [{ var: 'server-id' }, id] }, { '==': [{ var: 'type' }, type] }] } }
}

export const start = async (root: HTMLElement, kit: EditorKit): Promise<Editor> => {
  const startedAt = performance.now()
  takeTools(kit.rail, kit.tools)
  takeCommands(kit.chooseCommands(commands))
  const jobId = Number(root.dataset.jobId)
  const api = openApi(jobId)
  const person = openPersonSettings(root.dataset.user ?? '')
  const [info, labels, meta, loaded] = await Promise.all([
    api.getJob(),
    api.getLabels(),
    api.getMeta(),
    api.getAnnotations(),
    person.load(),
  ])
  const frames = listFrames(info.start_frame, info.stop_frame, meta.deleted_frames, meta.included_frames)
  const address = new URL(location.href)
  const asked = Number(address.searchParams.get('frame') ?? root.dataset.frame ?? frames.start)
  const linked = findLinked(address, loaded.annotations)
  const frame = frames.nearest(linked?.frame ?? (Number.isFinite(asked) ? asked : frames.start))
  const listed = meta.frames[meta.frames.length === 1 ? 0 : frame - info.start_frame]
  const preferences = recallPreferences(person)
  setLanguage(pickLanguage(preferences.settings.language, navigator.languages))
  document.documentElement.lang = readLanguage()
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
    unwrittenSteps: 0,
    edition: 0,
    playing: false,
    // Until the journal is open.
    working: 1,
    // Where it covers the picture it opens on demand only.
    sideOpen: preferences.sideOpen && window.innerWidth > 900,
    sideTab: 'objects',
    workspace: readWorkspace(new URL(location.href).searchParams.get('defaultWorkspace') ?? root.dataset.workspace),
    attributeAt: 0,
    tagLabelId: 0,
    tagAutoNext: false,
    single: startSingle,
    filter: linked?.filter ?? null,
    playerMode: 'regular',
    angle: 0,
    topLayer: null,
    issuesEdition: 0,
    deletedFrames: frames.deleted,
    ghosts: [],
    conflicted: [],
    people: [],
    flyout: null,
    models: null,
    modelChoice: { id: '', as: 'mask', onlyVisible: false, text: '' },
    message: null,
    jobState: info.state,
  }
  const store = new Store(state, (run) => requestAnimationFrame(run))
  const labelMap = new Map(labels.map((label) => [label.id, label]))
  const job = { info, meta, labels: labelMap, user: root.dataset.user ?? '' }
  const editor = new Editor(job, api, openDocument(loaded.annotations), frames, store, kit.traits)
  const sizeOf = (at: number) => meta.frames[meta.frames.length === 1 ? 0 : at - info.start_frame]
  const cache = kit.openPictures(editor, { api, root, sizeOf })
  editor.stoppedAt = address.searchParams.has('frame') ? null : recallFrame(job.user, jobId)
  editor.player = new Player(editor, cache, (shown) => {
    showFrameInAddress(shown)
    rememberFrame(job.user, jobId, shown)
  })
  editor.assist = new Assist({
    vision: openVision(root.dataset.vision ?? ''),
    picture: () => (editor.state.picture.at === 'shown' ? editor.state.picture.source : null),
    copy: (picture) => copyOriginal(api.originalUrl(editor.state.frame), picture as ImageBitmap),
    onAnswer: (answer) => editor.stage.send({ type: 'assist', answer }),
    onFailure: (reason) => editor.explain(t('The vision tools failed: {reason}', { reason }), 'error'),
  })
  editor.models = new ModelBook(editor, openModelApi(jobId))
  editor.deletedFrames = new DeletedFrames(api, frames.deleted, (failure) => {
    editor.frames = editor.frames.withDeleted(editor.deletedFrames.list, editor.state.settings.showDeleted)
    if (failure) editor.explain(t('The deleted frames were not saved: {reason}', { reason: failure }), 'error')
    store.set({ pending: editor.pendingCount, deletedFrames: editor.deletedFrames.list })
  })
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
        editor.steps?.noteSaved()
        const edition = [...settled].length > 0 ? editor.state.edition + 1 : editor.state.edition
        if (save.at === 'refused') editor.explain(t('Not saved: {reason}', { reason: save.reason }), 'error')
        store.set({ save, revision: base.revision, pending: editor.pendingCount, edition })
      },
    },
    loaded.revision,
  )
  let { showAllTracks, showDeleted, original } = state.settings
  if (showDeleted) editor.frames = frames.withDeleted(frames.deleted, true)
  store.subscribe(['settings', 'appearance', 'sideOpen'], ({ settings, appearance, sideOpen }) => {
    if (settings.showAllTracks !== showAllTracks) editor.redrawAll()
    showAllTracks = settings.showAllTracks
    if (settings.showDeleted !== showDeleted)
      editor.frames = editor.frames.withDeleted(editor.deletedFrames.list, settings.showDeleted)
    showDeleted = settings.showDeleted
    if (settings.original !== original) void editor.player.reload()
    original = settings.original
    keepPreferences(person, { settings, appearance, sideOpen })
    chooseTheme(settings.theme)
  })
  const noteIssues = () => store.set({ issuesEdition: store.state.issuesEdition + 1 })
  editor.issues = new IssueBook(jobId, noteIssues)
  editor.conflicts = new ConflictBook(jobId, info.task_id, noteIssues, Number(address.searchParams.get('report')) || null)
  editor.votes = new VoteBook(jobId, () => store.set({ edition: store.state.edition + 1 }))
  // Without them the objects only lack a number.
  if (hasMerged(loaded.annotations)) editor.votes.load().catch(() => {})
  shortcuts.open(job.user, info.project_id ? `project-${info.project_id}` : `task-${info.task_id}`, person)
  openScreen(editor, root, kit)
  attachWorkspaces(editor)
  editor.scene.open(frame)
  void editor.player.goTo(frame)
  await attachSaving(editor, root)
  attachStream(editor, Number(root.dataset.userId ?? 0))
  reportActivity(editor, performance.now() - startedAt)
  void offerGuide(editor)
  return editor
}
