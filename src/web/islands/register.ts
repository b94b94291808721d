// The form of a new account: shows while typing which rules the password fulfils.
import { t } from './i18n/message'

const minLength = 8

type Rule = { text: string; test: (password: string) => boolean }
const passwordRules: Rule[] = [
  { text: 'At least {count} characters', test: (password) => password.length >= minLength },
  { text: 'Not only digits', test: (password) => /\D/.test(password) },
]

const judgeAll = (password: string) =>
  passwordRules.map(({ text, test }) => {
    const isKept = password !== '' && test(password)
    // As text, because a bound `false` takes the attribute away.
    return { text: t(text, { count: minLength }), ok: String(isKept), mark: isKept ? '✓' : '·' }
  })

export const register = () => ({
  rules: judgeAll(''),
  judge(event: Event) {
    this.rules = judgeAll((event.target as HTMLInputElement).value)
  },
})
