// /cloudstorages: the buckets that people have connected; the form and what a bucket holds are beside it.

import { Elysia } from 'elysia'
import { BareRemove } from '../../web/ui/bare'
import { PageHead } from '../../web/ui/form'
import { say, t } from '../../web/ui/i18n/message'
import { Icon } from '../../web/ui/icon'
import { Empty, List, SortHead } from '../../web/ui/list'
import type { ListState } from '../../web/ui/list-address'
import { storageFields, storageFilters } from '../../web/ui/list-fields'
import { MenuEntry, MenuLine } from '../../web/ui/menus'
import { Ago, Preview, RowMenu, SelectCell, SelectHead } from '../../web/ui/parts'
import { showPage, type Visit } from '../auth/service'
import { redirectToLastPage } from '../http/html'
import { readConditions, readOrder, readPaging } from '../http/page'
import { can } from '../policy/can'
import { receiveEdit, receiveNew, showCreate, showStorage } from './form-page'
import { providerNames } from './provider-names'
import type { CloudStorage } from './service'
import { listCloudStorages, listOptions, showCloudStorages } from './service'

type Shown = Awaited<ReturnType<typeof showCloudStorages>>[number]
type Row = { shown: Shown; mayChange: boolean; mayDelete: boolean }

const StorageRow = ({ shown, mayChange, mayDelete }: Row) => {
  const href = `/cloudstorages/${shown.id}`
  return (
    <tr data-testid={`storage-${shown.id}`}>
      {mayDelete ? <SelectCell id={shown.id} name={shown.display_name} /> : <td class="w-8 max-sm:hidden"></td>}
      <td class="w-18 max-sm:hidden">
        <Preview src={`/api/cloudstorages/${shown.id}/preview`} href={href} name={shown.display_name} />
      </td>
      <td class="max-w-0">
        <a class="block truncate font-medium hover:text-accent" href={href} dir="auto" data-testid="row-open" safe>
          {shown.display_name}
        </a>
        <div class="truncate text-[12px] text-muted" dir="auto" safe>
          {`#${shown.id} · ${shown.resource}${shown.description ? ` · ${shown.description}` : ''}`}
        </div>
      </td>
      <td class="w-40 max-md:hidden" safe>
        {providerNames[shown.provider_type]}
      </td>
      <td class="w-32">
        <span
          class="badge"
          data-testid="row-status"
          data-status=""
          data-storage-status={`/api/cloudstorages/${shown.id}/status`}
          aria-live="polite"
        >
          …
        </span>
      </td>
      <td class="w-32 truncate text-soft max-lg:hidden" dir="auto" safe>
        {shown.owner?.username ?? ''}
      </td>
      <td class="w-32 text-muted max-md:hidden">
        <Ago iso={shown.updated_date} />
      </td>
      <td class="w-11">
        <RowMenu id={`storage-menu-${shown.id}`} name={shown.display_name}>
          <MenuEntry
            testid="menu-open"
            icon={mayChange ? 'pencil' : 'external'}
            label={mayChange ? 'Edit' : 'Open'}
            href={href}
          />
          <MenuEntry testid="menu-contents" icon="folder" label="Show contents" href={`${href}#contents`} />
          {mayDelete && (
            <>
              <MenuLine />
              <MenuEntry
                testid="menu-delete"
                icon="trash"
                label="Disconnect"
                danger
                data-delete={`/api/cloudstorages/${shown.id}`}
                data-delete-title={t('Disconnect “{displayName}”?', { displayName: shown.display_name })}
                data-delete-text={t('Its files stay where they are; tasks that read them from there lose access.')}
                data-delete-label={t('Disconnect')}
              />
            </>
          )}
        </RowMenu>
        {mayDelete ? <BareRemove path={`/api/cloudstorages/${shown.id}`} label="Disconnect" /> : ''}
      </td>
    </tr>
  )
}

export const mayCreateStorage = ({ who, context }: Pick<Visit, 'who' | 'context'>) =>
  can(who, 'cloud-storage', 'create', { organizationId: context.kind === 'organization' ? context.id : null })

const New = () => (
  <a class="btn btn-primary" href="/cloudstorages/create" data-testid="list-create">
    <Icon name="plus" />
    {say('Connect storage')}
  </a>
)

const showList = showPage(async (visit) => {
  const { who, origin, path, query, context } = visit
  const paging = readPaging(query)
  const { rows, count } = await listCloudStorages(
    who,
    context,
    readConditions(query, listOptions),
    readOrder(query, listOptions, []),
    paging,
  )
  const shown = await showCloudStorages(origin, rows)
  const state: ListState = { path, query, count, page: paging.page, size: paging.size }
  const beyond = redirectToLastPage(state)
  if (beyond) return beyond
  const mayCreate = mayCreateStorage(visit)
  const rightsOf = (row: CloudStorage, i: number): Row => ({
    shown: shown[i]!,
    mayChange: can(who, 'cloud-storage', 'update', row),
    mayDelete: can(who, 'cloud-storage', 'delete', row),
  })
  return {
    title: t('Cloud storages'),
    section: 'cloud-storages',
    body: (
      <>
        <PageHead title={t('Cloud storages')}>{mayCreate && (count > 0 || query.search || query.filter) ? <New /> : ''}</PageHead>
        <List
          state={state}
          noun="storages"
          fields={storageFields}
          quick={storageFilters(who.user.username)}
          empty={
            <Empty
              icon="cloudPlain"
              title="No storage connected"
              text="Connect a bucket of S3, Azure or Google Cloud: tasks are made of its files, and exports and backups can go there."
            >
              {mayCreate ? <New /> : ''}
            </Empty>
          }
        >
          <table class="grid-table" data-bulk="cloudstorages">
            <thead>
              <tr>
                <SelectHead />
                <th scope="col" class="max-sm:hidden">
                  <span class="sr-only">{say('Preview')}</span>
                </th>
                <SortHead state={state} fields={['name']} label="Name" />
                <SortHead state={state} fields={['provider_type']} label="Provider" class="max-md:hidden" />
                <th scope="col">{say('Status')}</th>
                <SortHead state={state} fields={['owner']} label="Owner" class="max-lg:hidden" />
                <SortHead state={state} fields={['updated_date']} label="Updated" class="max-md:hidden" />
                <th scope="col">
                  <span class="sr-only">{say('Actions')}</span>
                </th>
              </tr>
            </thead>
            <tbody>
              {rows.map((row, i) => (
                <StorageRow {...rightsOf(row, i)} />
              ))}
            </tbody>
          </table>
        </List>
      </>
    ),
  }
})

export const cloudStoragePages = new Elysia({ name: 'cloud-storage-pages', detail: { hide: true } })
  .get('/cloudstorages', showList)
  .get('/cloudstorages/create', showCreate)
  .post('/cloudstorages/create', receiveNew)
  .get('/cloudstorages/:id', showStorage)
  .post('/cloudstorages/:id', receiveEdit)
