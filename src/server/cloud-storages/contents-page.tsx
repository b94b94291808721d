// What a bucket holds, folder by folder, on the page of its storage.
import { say, t } from '../../web/ui/i18n/message'
import { Icon } from '../../web/ui/icon'
import { addressOf } from '../../web/ui/list-address'
import type { Visit } from '../auth/service'
import { ApiError } from '../http/errors'
import { listContent } from './content'
import { type CloudStorage, defaultPrefix, openCloudStorage, orApiError } from './service'

const shownAtOnce = 100

const read = async (row: CloudStorage, query: Visit['query']) => {
  try {
    const store = await openCloudStorage(row)
    const wanted = {
      prefix: query.prefix,
      manifest: query.manifest || undefined,
      next: query.next || undefined,
      size: shownAtOnce,
    }
    return { ...(await orApiError(listContent(store, defaultPrefix(row), String(row.id), wanted))), problem: undefined }
  } catch (error) {
    const known = await orApiError(Promise.reject(error)).catch((answer) => answer)
    if (!(known instanceof ApiError)) throw known
    return { content: [], next: null, problem: Object.values(known.body).flat().map(String).join(' ') }
  }
}

/** The folders above a prefix, each with its own: `a/b/` → a → `a/`, b → `a/b/`. */
const foldersOf = (prefix: string) => {
  const parts = prefix.split('/').slice(0, -1)
  return parts.map((name, i) => ({ name, prefix: `${parts.slice(0, i + 1).join('/')}/` }))
}

export const showContents = async ({ query, path }: Visit, row: CloudStorage): Promise<JSX.Element> => {
  const { content, next, problem } = await read(row, query)
  const prefix = query.prefix ?? ''
  const folder = prefix.slice(0, prefix.lastIndexOf('/') + 1)
  const linkTo = (changes: Record<string, string | undefined>) =>
    `${addressOf({ path, query: { prefix: query.prefix, manifest: query.manifest } }, changes)}#contents`
  return (
    <section class="card" id="contents" aria-label={t('Contents')} data-testid="storage-contents">
      <div class="flex flex-wrap items-center gap-2 border-b border-line px-4 py-3">
        <h2>{say('Contents')}</h2>
        <nav class="flex min-w-0 flex-1 flex-wrap gap-1 text-[13px] text-muted" aria-label={t('Folders')}>
          <a class="link" href={linkTo({ prefix: undefined })} safe>
            {row.resource}
          </a>
          {foldersOf(folder).map((part) => (
            <>
              <span aria-hidden="true">/</span>
              <a class="link" href={linkTo({ prefix: part.prefix })} dir="auto" safe>
                {part.name}
              </a>
            </>
          ))}
        </nav>
        <form class="flex gap-2 max-sm:w-full" action={`${path}#contents`} role="search">
          {row.manifests.length ? (
            <select class="select compact w-36" name="manifest" aria-label={t('Listing')} autocomplete="off">
              <option value="">{say('The bucket')}</option>
              {row.manifests.map((name) => (
                <option value={name} selected={name === query.manifest} safe>
                  {name}
                </option>
              ))}
            </select>
          ) : (
            ''
          )}
          <input
            class="input compact w-44 max-sm:flex-1"
            name="prefix"
            value={prefix}
            placeholder={t('Begins with…')}
            aria-label={t('Names begin with')}
            dir="auto"
            autocomplete="off"
            data-testid="storage-search"
          />
          <button type="submit" class="btn btn-small">
            {say('Show')}
          </button>
        </form>
      </div>
      {problem ? (
        <div class="problem m-4" role="alert" data-testid="storage-problem">
          <span dir="auto" safe>
            {problem}
          </span>
        </div>
      ) : content.length === 0 ? (
        <p class="px-4 py-6 text-center text-muted">{say('Nothing here.')}</p>
      ) : (
        <ul class="max-h-[480px] overflow-y-auto py-1" tabindex="0" aria-label={t('Files')}>
          {content.map((entry) => (
            <li class="flex min-h-8 items-center gap-2 px-4">
              <span class="text-muted">
                <Icon name={entry.type === 'DIR' ? 'folder' : 'file'} />
              </span>
              {entry.type === 'DIR' ? (
                <a class="link min-w-0 truncate" href={linkTo({ prefix: `${folder}${entry.name}/` })} dir="auto" safe>
                  {entry.name}
                </a>
              ) : (
                <span class="min-w-0 truncate" dir="auto" safe>
                  {entry.name}
                </span>
              )}
            </li>
          ))}
        </ul>
      )}
      {next ? (
        <div class="flex justify-end border-t border-line px-4 py-2">
          <a class="btn btn-small" href={linkTo({ next })}>
            {say('More')}
          </a>
        </div>
      ) : (
        ''
      )}
    </section>
  )
}
