// What galleries share: parts that swap themselves, and steps from page to page.

import type { Children } from '@kitajs/html'
import { say, t } from './i18n/message'
import { Icon } from './icon'
import { addressOf, type ListState } from './list-address'
import { formatCount } from './parts'

/** What makes a form or link swap an element and write the address. */
export const swapsOf = (id: string) => ({
  'hx-target': `#${id}`,
  'hx-select': `#${id}`,
  'hx-swap': 'outerHTML',
  'hx-push-url': 'true',
  'hx-sync': `#${id}:replace`,
})

/** What was done last, what went wrong with it, and the way back; `undo` is the address of that, `children` what its form sends. */
export const ChangeNews = ({
  text,
  problems,
  undo,
  name,
  children,
}: {
  text: string
  problems: string[]
  /** Null: there is nothing to undo. */
  undo: string | null
  /** Begins the test ids. */
  name: string
  children?: Children
}): JSX.Element => (
  <div class="card flex flex-wrap items-center gap-3 px-4 py-2.5" role="status" data-testid={`${name}-news`}>
    <Icon name="check" />
    <span class="flex-1" dir="auto" safe>
      {text}
    </span>
    {undo ? (
      <form method="post" action={undo} data-submit-once>
        {children}
        <button type="submit" class="btn btn-small" data-testid={`${name}-undo`}>
          <Icon name="history" />
          {say('Undo')}
        </button>
      </form>
    ) : (
      ''
    )}
    {problems.length ? (
      <p class="w-full text-[13px] whitespace-pre-line text-danger" dir="auto" safe>
        {problems.join('\n')}
      </p>
    ) : (
      ''
    )}
  </div>
)

type Swaps = ReturnType<typeof swapsOf>
type StepProps = { href: string | null; label: string; icon: 'chevronLeft' | 'chevronRight'; testid: string; swaps: Swaps }

const Step = ({ href, label, icon, testid, swaps }: StepProps) =>
  href === null ? (
    <button type="button" class="btn btn-small btn-icon" disabled aria-label={label} data-testid={testid}>
      <Icon name={icon} />
    </button>
  ) : (
    <a class="btn btn-small btn-icon" href={href} hx-get={href} {...swaps} aria-label={label} data-testid={testid}>
      <Icon name={icon} />
    </a>
  )

/** `1 / 7` and the ways to the pages beside; what was told of a change is not told again there. */
export const Steps = ({
  at,
  page,
  count,
  pageSize,
  name,
  swaps,
}: {
  at: Pick<ListState, 'path' | 'query'>
  page: number
  count: number
  pageSize: number
  /** Begins the test ids. */
  name: string
  swaps: Swaps
}): JSX.Element => {
  const last = Math.max(1, Math.ceil(count / pageSize))
  const to = (target: number) =>
    target < 1 || target > last
      ? null
      : addressOf({ path: at.path, query: { ...at.query, change: undefined } }, { page: target > 1 ? String(target) : undefined })
  return (
    <>
      <span class="num text-[13px] text-muted">{`${page} / ${formatCount(last)}` as 'safe'}</span>
      <Step href={to(page - 1)} label={t('Previous page')} icon="chevronLeft" testid={`${name}-prev`} swaps={swaps} />
      <Step href={to(page + 1)} label={t('Next page')} icon="chevronRight" testid={`${name}-next`} swaps={swaps} />
    </>
  )
}
