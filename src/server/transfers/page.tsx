// Exports, imports and restores as plain pages, for browsers without scripts.
import { Elysia } from 'elysia'
import { receiveExport, showExport } from './export-page'
import { receiveImport, receiveRestore, showImport, showRestore } from './import-page'
import { kinds } from './place'

/** Forms with files are read by their handlers. */
const unread = { parse: () => null } as const

export const transferPages = new Elysia({ name: 'transfer-pages', detail: { hide: true } })
for (const kind of kinds)
  transferPages
    .get(`/${kind}s/:id/export`, showExport(kind))
    .post(`/${kind}s/:id/export`, receiveExport(kind))
    .get(`/${kind}s/:id/import`, showImport(kind))
    .post(`/${kind}s/:id/import`, receiveImport(kind), unread)
for (const kind of ['project', 'task'] as const)
  transferPages.get(`/${kind}s/restore`, showRestore(kind)).post(`/${kind}s/restore`, receiveRestore(kind), unread)
