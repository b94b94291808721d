// The panes in the order of their numbers: one import and one line each.
import type { Pane } from './pane'
import { models } from './panes/models'
import { organizations } from './panes/organizations'
import { queues } from './panes/queues'
import { settings } from './panes/settings'
import { storage } from './panes/storage'
import { users } from './panes/users'

export const panes: readonly Pane[] = [users, organizations, queues, storage, settings, models]
