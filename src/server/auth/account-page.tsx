// What the pages of strangers have in common: the frame with the logo, fields, the rules of passwords, problems in words.

import type { Children } from '@kitajs/html'
import { say, t } from '../../web/ui/i18n/message'
import { Centered, type Frame } from '../../web/ui/layout'
import { ApiError } from '../http/errors'

type FrameProps = { title: string; frame: Frame; children?: Children }

/** Logo and name of the server, with the line that its administrators have written. */
export const BrandHead = ({ frame }: { frame: Frame }): JSX.Element => (
  <div class="mb-6 grid justify-items-center gap-2 text-center">
    <div class="flex min-w-0 items-center justify-center gap-3">
      <img class="h-9 w-auto max-w-40 object-contain" src={frame.assets.logo} alt="" height="36" data-testid="brand-logo" />
      <span
        class="min-w-0 text-[22px] leading-7 font-semibold tracking-tight break-words"
        dir="auto"
        data-testid="brand-name"
        safe
      >
        {frame.brand.name}
      </span>
    </div>
    {frame.brand.subtitle ? (
      <p class="text-muted break-words" dir="auto" data-testid="brand-subtitle" safe>
        {frame.brand.subtitle}
      </p>
    ) : (
      ''
    )}
  </div>
)

/** The logo over a card or two. */
export const AccountPage = ({ title, frame, children }: FrameProps): JSX.Element => (
  <Centered title={title} frame={frame}>
    <BrandHead frame={frame} />
    {children}
  </Centered>
)

export const Problem = ({ text, testid }: { text: string | undefined; testid: string }): JSX.Element => (
  <>
    {text ? (
      <div class="problem" role="alert" data-testid={testid}>
        <span class="whitespace-pre-line" dir="auto" safe>
          {t(text)}
        </span>
      </div>
    ) : (
      ''
    )}
  </>
)

/** Good news above a form, or in place of one. */
export const Notice = ({ text, testid }: { text: string; testid: string }): JSX.Element => (
  <p class="rounded-md bg-success-soft px-3 py-2 text-success" role="status" data-testid={testid} safe>
    {text}
  </p>
)

type FieldProps = {
  label: string
  name: string
  testid: string
  autocomplete: string
  type?: string
  value?: string
  maxlength?: string
  isOptional?: boolean
  isFixed?: boolean
  isFocused?: boolean
  /** Shows the rules of passwords as they are met. */
  isJudged?: boolean
}

export const Field = (field: FieldProps): JSX.Element => (
  <label class="field">
    <span class="label" safe>
      {t(field.label)}
    </span>
    <input
      class={['input', field.isFixed && 'bg-sunken']}
      name={field.name}
      type={field.type ?? 'text'}
      value={field.value ?? ''}
      maxlength={field.maxlength ?? '150'}
      autocomplete={field.autocomplete}
      autocapitalize={field.name === 'username' ? 'none' : undefined}
      required={!field.isOptional}
      readonly={field.isFixed}
      autofocus={field.isFocused}
      dir="auto"
      x-on:input={field.isJudged ? 'judge' : undefined}
      data-testid={field.testid}
    />
  </label>
)

/** Lives in a form of the island `register`; without scripts it says what is asked for. */
export const PasswordRules = ({ testid }: { testid: string }): JSX.Element => (
  <>
    <noscript>
      <p class="hint">{say('At least 8 characters, not only digits, and nothing that is easily guessed.')}</p>
    </noscript>
    <ul class="grid gap-1 text-[12px]" data-testid={testid}>
      <template x-for="rule in rules" x-bind:key="rule.text">
        <li class="flex items-center gap-2 data-[ok=true]:text-success" x-bind:data-ok="rule.ok">
          <span x-text="rule.mark" aria-hidden="true"></span>
          <span x-text="rule.text"></span>
        </li>
      </template>
    </ul>
  </>
)

/** The way back that stands below a card. */
export const ToLogin = ({ label }: { label: string }): JSX.Element => (
  <p class="mt-4 text-center text-muted">
    <a class="link" href="/auth/login" safe>
      {label}
    </a>
  </p>
)

const labels: Record<string, string> = {
  username: 'User name',
  email: 'E-mail',
  first_name: 'First name',
  last_name: 'Last name',
}
export const badLink = 'This link is used up, too old or incomplete.'

/** An error of a service in words for people; anything else is thrown on. */
export const describeProblem = (error: unknown): string => {
  if (!(error instanceof ApiError)) throw error
  return Object.entries(error.body)
    .flatMap(([field, texts]) => {
      if (field === 'token' || field === 'uid') return [t(badLink)]
      return [texts].flat().map((text) => (labels[field] ? `${t(labels[field])}: ${t(String(text))}` : t(String(text))))
    })
    .join('\n')
}

export const foreignForm = 'This form came from another site. Please fill it in here.'
