// The form of a new account: shows while typing which rules the password fulfils, then signs in.
import { callApi, describeProblem } from './api'

const minLength = 8

type Rule = { text: string; test: (password: string) => boolean }
const passwordRules: Rule[] = [
  { text: `At least ${minLength} characters`, test: (password) => password.length >= minLength },
  { text: 'Not only digits', test: (password) => /\D/.test(password) },
]

const judgeAll = (password: string) =>
  passwordRules.map(({ text, test }) => {
    const isKept = password !== '' && test(password)
    // As text, because a bound `false` takes the attribute away.
    return { text, ok: String(isKept), mark: isKept ? '✓' : '·' }
  })

export const register = () => ({
  rules: judgeAll(''),
  busy: false,
  problem: '',
  root: undefined as unknown as HTMLFormElement,
  $el: undefined as unknown as HTMLFormElement,

  init() {
    this.root = this.$el
  },
  judge(event: Event) {
    this.rules = judgeAll((event.target as HTMLInputElement).value)
  },
  async submit(event: SubmitEvent) {
    event.preventDefault()
    this.busy = true
    this.problem = ''
    const form = Object.fromEntries(new FormData(this.root)) as Record<string, string>
    try {
      await callApi('POST', '/api/auth/register', { ...form, password2: form.password1 })
      await callApi('POST', '/api/auth/login', { username: form.username, password: form.password1 })
      location.assign('/')
    } catch (problem) {
      this.problem = describeProblem(problem)
      this.busy = false
    }
  },
})
