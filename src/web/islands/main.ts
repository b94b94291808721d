// What the pages get: htmx for lists, Alpine for forms, and islands that listen on the document.
import Alpine from '@alpinejs/csp'
import 'htmx.org'
import { startBackups } from './backup'
import { startBulk } from './bulk'
import { startComboboxes } from './combobox'
import { startCopyingJobs } from './copy-jobs'
import { createTask } from './create-task'
import { createTasks } from './create-tasks'
import { startDeleting } from './delete'
import { startDrafts } from './drafts'
import { startExceptions } from './exceptions'
import { fileSources } from './file-sources'
import { startFind } from './find'
import { startFollowing } from './follow-request'
import { createProject, createToken, startForms } from './forms'
import { startGuide } from './guide'
import { labelsEditor } from './labels-editor'
import { startLists } from './lists'
import { startLive } from './live'
import { startLoadingLater } from './load-later'
import { startManagement } from './manage'
import { startMenus } from './menus'
import { startPalette } from './palette'
import { startPatching } from './patch-on-change'
import { startQuality } from './quality'
import { startReach } from './reach'
import { register } from './register'
import { startShell } from './shell'
import { storageChoice } from './storage-choice'
import { startSubmitOnce } from './submit-once'
import { taskQuality } from './task-quality'
import { startTransfers } from './transfer'
import { startValidationPanel } from './validation-panel'
import { watches } from './watches'

for (const start of [
  startExceptions,
  startShell,
  startMenus,
  startLists,
  startBulk,
  startPatching,
  startComboboxes,
  startDeleting,
  startTransfers,
  startBackups,
  startCopyingJobs,
  startFollowing,
  startFind,
  startForms,
  startPalette,
  startValidationPanel,
  startGuide,
  startManagement,
  startQuality,
  startReach,
  startLoadingLater,
  startLive,
])
  start()

for (const [name, island] of Object.entries({
  createTask,
  createTasks,
  fileSources,
  createProject,
  createToken,
  labelsEditor,
  register,
  storageChoice,
  taskQuality,
  watches,
}))
  Alpine.data(name, island as never)
Alpine.start()
startSubmitOnce()
startDrafts()
