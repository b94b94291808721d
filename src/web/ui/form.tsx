// Fields of plain forms: a label, the control, a hint, and what is wrong with it. They work without scripts.
import type { Children } from '@kitajs/html'
import { t } from './i18n/message'

type AroundProps = { label: string; hint?: string; problem?: string; children?: Children; class?: string }

/** A labelled control with its hint or, instead, what is wrong. */
export const Field = ({ label, hint, problem, children, class: css }: AroundProps): JSX.Element => (
  <label class={['field', css]}>
    <span class="label" safe>
      {t(label)}
    </span>
    {children}
    {problem ? (
      <span class="text-[12px] text-danger" role="alert" dir="auto" safe>
        {t(problem)}
      </span>
    ) : hint ? (
      <span class="hint" safe>
        {t(hint)}
      </span>
    ) : (
      ''
    )}
  </label>
)

type ControlProps = AroundProps & { name: string; value?: string; testid: string; required?: boolean; disabled?: boolean }
type TextProps = ControlProps & {
  type?: string
  maxlength?: number
  placeholder?: string
  pattern?: string
  autofocus?: boolean
  autocomplete?: string
}

export const TextField = (props: TextProps): JSX.Element => {
  const { name, value = '', testid, type = 'text', maxlength, autocomplete = 'off', problem } = props
  return (
    <Field {...props}>
      <input
        class="input"
        name={name}
        type={type}
        value={value}
        required={props.required}
        disabled={props.disabled}
        maxlength={maxlength}
        placeholder={props.placeholder}
        pattern={props.pattern}
        autofocus={props.autofocus}
        autocomplete={autocomplete}
        aria-invalid={problem ? 'true' : undefined}
        dir="auto"
        data-testid={testid}
      />
    </Field>
  )
}

export const AreaField = (props: ControlProps & { rows?: number; placeholder?: string }): JSX.Element => (
  <Field {...props}>
    <textarea
      class="area"
      name={props.name}
      rows={String(props.rows ?? 3)}
      placeholder={props.placeholder}
      required={props.required}
      disabled={props.disabled}
      dir="auto"
      data-testid={props.testid}
      safe
    >
      {props.value ?? ''}
    </textarea>
  </Field>
)

export type Option = readonly [value: string, label: string]

export const ChoiceField = (props: ControlProps & { options: readonly Option[]; when?: string }): JSX.Element => (
  <Field {...props}>
    <select
      class="select"
      name={props.name}
      required={props.required}
      disabled={props.disabled}
      autocomplete="off"
      data-testid={props.testid}
    >
      {props.options.map(([value, label]) => (
        <option value={value} selected={value === props.value} safe>
          {t(label)}
        </option>
      ))}
    </select>
  </Field>
)

type CheckProps = { label: string; name: string; isOn: boolean; testid: string; value?: string; type?: 'checkbox' | 'radio' }

export const CheckField = ({ label, name, isOn, testid, value, type = 'checkbox' }: CheckProps): JSX.Element => (
  <label class="flex min-h-6 items-center gap-2">
    <input
      class="check flex-none"
      type={type}
      name={name}
      value={value ?? 'on'}
      checked={isOn}
      autocomplete="off"
      data-testid={testid}
    />
    <span class="min-w-0" safe>
      {t(label)}
    </span>
  </label>
)

/** What is wrong with a form as a whole. */
export const Problem = ({ text, testid }: { text: string | undefined; testid: string }): JSX.Element =>
  text ? (
    <div class="problem" role="alert" data-testid={testid}>
      <span class="whitespace-pre-line" dir="auto" safe>
        {t(text)}
      </span>
    </div>
  ) : (
    ''
  )

/** What went well, said once after a form was sent. */
export const Notice = ({ text, testid }: { text: string | undefined; testid?: string }): JSX.Element =>
  text ? (
    <p class="rounded-md bg-success-soft px-3 py-2 text-success" role="status" dir="auto" data-testid={testid} safe>
      {text}
    </p>
  ) : (
    ''
  )

type Crumb = { href: string; label: string }
type HeadProps = { title: string; crumbs?: Crumb[]; children?: Children }

/** Heading of a page: the way back above, actions at the end. */
export const PageHead = ({ title, crumbs = [], children }: HeadProps): JSX.Element => (
  <header class="mb-3">
    {crumbs.length ? (
      <nav class="mb-1 flex min-w-0 gap-1.5 text-[13px] text-muted" aria-label={t('Breadcrumb')}>
        {crumbs.map(({ href, label }, i) => (
          <>
            {i ? <span aria-hidden="true">/</span> : ''}
            <a
              class={['truncate hover:text-accent', i < crumbs.length - 1 && 'max-w-[45%] flex-none']}
              href={href}
              dir="auto"
              safe
            >
              {label}
            </a>
          </>
        ))}
      </nav>
    ) : (
      ''
    )}
    <div class="flex flex-wrap items-center gap-2">
      <h1 class="min-w-0 flex-1 truncate leading-8" dir="auto" safe>
        {title}
      </h1>
      {children}
    </div>
  </header>
)
