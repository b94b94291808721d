// What was sent to a webhook and what came back; each delivery can be sent again.

import { Notice } from '../../web/ui/form'
import { say, t } from '../../web/ui/i18n/message'
import { addressOf } from '../../web/ui/list-address'
import { Ago, formatCount } from '../../web/ui/parts'
import { FormToken, readId, receiveForm, type Visit } from '../auth/service'
import { redirectTo } from '../http/html'
import { readPaging } from '../http/page'
import { getWebhook, listDeliveries, redeliver, showDelivery, type Webhook } from './service'

type Shown = ReturnType<typeof showDelivery>

const toneOf = (code: number | null) => (!code ? undefined : code < 300 ? 'success' : code < 500 ? 'warning' : 'danger')

const Text = ({ title, text }: { title: string; text: string }) => (
  <div class="grid gap-1">
    <span class="text-[12px] font-semibold text-muted">{title as 'safe'}</span>
    <pre
      class="max-h-72 overflow-auto rounded-md bg-sunken p-3 font-mono text-[12px] whitespace-pre-wrap break-all"
      tabindex="0"
      safe
    >
      {text}
    </pre>
  </div>
)

const Delivery = ({ delivery, request, mayChange }: { delivery: Shown; request: Request; mayChange: boolean }) => (
  <details class="border-b border-line last:border-b-0" data-testid={`delivery-${delivery.id}`}>
    <summary class="flex min-h-11 flex-wrap items-center gap-3 px-4 py-2 hover:bg-hover">
      <span
        class="badge num"
        data-testid="row-status"
        data-status={String(delivery.status_code ?? '')}
        data-tone={toneOf(delivery.status_code)}
      >
        {delivery.status_code ?? say('waits')}
      </span>
      <span class="min-w-0 flex-1 truncate font-mono text-[13px]" safe>
        {delivery.event}
      </span>
      {delivery.redelivery ? <span class="badge plain">{say('again')}</span> : ''}
      {delivery.attempt > 1 ? (
        <span class="num text-[12px] text-muted">{say('attempt {number}', { number: delivery.attempt })}</span>
      ) : (
        ''
      )}
      <span class="num text-[12px] text-muted max-sm:hidden">
        {`${formatCount(delivery.request_duration ?? 0)} ms` as 'safe'}
      </span>
      <span class="text-[13px] text-muted">
        <Ago iso={delivery.created_date} />
      </span>
    </summary>
    <div class="grid gap-3 px-4 pb-4">
      <Text title={t('Sent')} text={JSON.stringify(delivery.request, null, 2)} />
      <Text title={t('Answer')} text={delivery.response || t('(empty)')} />
      {mayChange && (
        <form
          class="flex justify-end"
          method="post"
          action={`/webhooks/${delivery.webhook_id}/deliveries/${delivery.id}/redelivery`}
          data-submit-once
        >
          <FormToken request={request} />
          <button type="submit" class="btn btn-small" data-testid="delivery-again">
            {say('Send again')}
          </button>
        </form>
      )}
    </div>
  </details>
)

/** The section under the form of a webhook. */
export const showDeliveries = async ({ who, query, path, request }: Visit, webhook: Webhook): Promise<JSX.Element> => {
  const paging = readPaging(query)
  const { rows, count } = await listDeliveries(who, webhook.id, paging)
  const mayChange = await getWebhook(who, webhook.id, 'update').then(
    () => true,
    () => false,
  )
  const last = Math.ceil(count / paging.size)
  const linkTo = (page: number) => `${addressOf({ path, query: { page: query.page } }, { page: String(page) })}#deliveries`
  return (
    <section class="card" id="deliveries" aria-label={t('Deliveries')}>
      <div class="flex items-center gap-3 border-b border-line px-4 py-3">
        <h2 class="flex-1">
          {say('Deliveries')} <span class="num font-normal text-muted">{count || ''}</span>
        </h2>
        {mayChange && (
          <form method="post" action={`/webhooks/${webhook.id}/ping`} data-submit-once>
            <FormToken request={request} />
            <button type="submit" class="btn btn-small" data-testid="webhook-ping">
              {say('Ping')}
            </button>
          </form>
        )}
      </div>
      <Notice
        text={query.pinged ? t('A ping was sent; its answer is below.') : query.again ? t('It was sent again.') : undefined}
        testid="webhook-pinged"
      />
      {rows.map((row) => (
        <Delivery delivery={showDelivery(row)} request={request} mayChange={mayChange} />
      ))}
      {count === 0 ? <p class="px-4 py-6 text-center text-muted">{say('Nothing was sent yet.')}</p> : ''}
      {last > 1 ? (
        <nav
          class="flex items-center justify-end gap-2 border-t border-line px-4 py-2 text-[13px]"
          aria-label={t('Pages of deliveries')}
        >
          {paging.page > 1 ? (
            <a class="btn btn-small" href={linkTo(paging.page - 1)}>
              {say('Newer')}
            </a>
          ) : (
            ''
          )}
          <span class="num text-muted">{`${paging.page} / ${last}` as 'safe'}</span>
          {paging.page < last ? (
            <a class="btn btn-small" href={linkTo(paging.page + 1)}>
              {say('Older')}
            </a>
          ) : (
            ''
          )}
        </nav>
      ) : (
        ''
      )}
    </section>
  )
}

export const redeliverPage = receiveForm(async ({ who }, _fields, params) => {
  const id = readId(params)
  await redeliver(who, id, readId(params, 'delivery'))
  return redirectTo(`/webhooks/${id}?again=1#deliveries`)
})
