// What only browsers without scripts show: links and buttons that stand in for menus, dialogs and fields that save themselves.
import type { Children } from '@kitajs/html'
import { say } from './i18n/message'

type LinkProps = { href: string; label: string; testid: string; danger?: boolean }

/** A small link button. `label` is translated here. */
export const BareLink = ({ href, label, testid, danger = false }: LinkProps): JSX.Element => (
  <noscript>
    <a class={['btn btn-small', danger && 'btn-danger']} href={href} data-testid={testid}>
      {say(label)}
    </a>
  </noscript>
)

/** Leads to the page that asks before something is removed; `path` is its address in the API. */
export const BareRemove = ({ path, label = 'Remove' }: { path: string; label?: string }): JSX.Element => (
  <BareLink href={path.replace(/^\/api(\/auth)?/, '/remove')} label={label} testid="bare-remove" danger />
)

/** Labels as text: JSON or names. */
export const BareLabels = ({ text = '', problem }: { text?: string; problem?: string }): JSX.Element => (
  <label class="field">
    <span class="label">{say('Labels as text')}</span>
    <textarea
      class="area min-h-32 font-mono text-[12px]"
      name="labels"
      spellcheck="false"
      dir="auto"
      data-testid="bare-labels"
      safe
    >
      {text}
    </textarea>
    {problem ? (
      <span class="text-[12px] text-danger" role="alert" dir="auto" safe>
        {problem}
      </span>
    ) : (
      <span class="hint">{say('One name a line, or a JSON list as the API takes it.')}</span>
    )}
  </label>
)

/** Without scripts only. */
export const Bare = ({ children }: { children?: Children }): JSX.Element => <noscript>{children}</noscript>
