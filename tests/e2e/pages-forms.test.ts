// Forms in a real browser: pressed twice they count once, what the server refuses stands beside its field, and what was typed survives the end of a session.
import { afterAll, beforeAll, expect, setDefaultTimeout, test } from 'bun:test'
import { join } from 'node:path'
import { until } from './browser.ts'
import { openPages, type PagesFixture, untilText, visible } from './pages-fixture.ts'

const demo = join(import.meta.dir, '../../public/demo')

setDefaultTimeout(60_000)

let pages: PagesFixture
let page: PagesFixture['page']
let client: PagesFixture['client']
let byId: PagesFixture['byId']
let open: PagesFixture['open']
let project = 0

beforeAll(async () => {
  pages = await openPages()
  ;({ page, client, byId, open } = pages)
  project = (await client.send('POST', '/api/projects', { name: 'There', labels: [{ name: 'car' }] })).id
})
afterAll(() => pages?.close())

const addLabel = async (name: string) => {
  await byId('label-add').click()
  await byId('label-name').fill(name)
  await byId('label-save').click()
  await page.getByTestId(/^label-new-/).waitFor()
}
const count = async (path: string): Promise<number> => (await client.get(path)).count

/** Forms: what is filled in before the double click, what is there afterwards, and how many of it. */
const forms: {
  name: string
  path: () => string
  fill: () => Promise<unknown>
  submit: string
  done: () => Promise<unknown>
  list: () => string
}[] = [
  {
    name: 'project',
    path: () => '/projects/create',
    fill: async () => {
      await byId('project-name').fill('Double')
      await addLabel('car')
    },
    submit: 'project-submit',
    done: () => page.waitForURL(/\/projects\/\d+$/),
    list: () => '/api/projects?name=Double',
  },
  {
    name: 'task with files',
    path: () => `/tasks/create?project_id=${project}`,
    fill: async () => {
      await byId('task-name').fill('Double')
      await byId('task-files').setInputFiles(join(demo, 'coffee.jpg'))
    },
    submit: 'task-submit',
    done: () => page.waitForURL(/\/tasks\/\d+$/),
    list: () => '/api/tasks?name=Double',
  },
  {
    name: 'token',
    path: () => '/profile',
    fill: () => byId('token-name').fill('Double'),
    submit: 'token-create',
    done: () => visible(byId('token-value')),
    list: () => '/api/auth/access_tokens?name=Double',
  },
  {
    name: 'organization',
    path: () => '/organizations/create',
    fill: () => byId('org-slug').fill('double'),
    submit: 'org-submit',
    done: () => page.waitForURL(/\/organization$/),
    list: () => '/api/organizations?slug=double',
  },
  {
    name: 'webhook',
    path: () => `/projects/${project}/webhooks/create`,
    fill: () => byId('webhook-url').fill('https://example.com/double'),
    submit: 'webhook-submit',
    done: () => visible(byId('webhook-saved')),
    list: () => `/api/webhooks?project_id=${project}`,
  },
  {
    name: 'account',
    path: () => '/admin/users/create',
    fill: async () => {
      await byId('user-name').fill('double')
      await byId('user-email').fill('double@example.com')
      await byId('user-password').fill('Double-Pass-1234')
    },
    submit: 'user-submit',
    done: () => page.waitForURL(/\/admin\/users(\/\d+)?(\?|$)/),
    list: () => '/api/users?username=double',
  },
]

for (const { name, path, fill, submit, done, list } of forms)
  test(`a double click makes one ${name}`, async () => {
    await open(path())
    await fill()
    await byId(submit).dblclick()
    await done()
    expect(await count(list())).toBe(1)
  })

/** Sends the plain form of a page as a browser without scripts would, twice at once and once more later. */
const sendThrice = (path: string, action: string, values: Record<string, string>) =>
  open(path).then(() =>
    page.evaluate(
      async ([target, filled]) => {
        const form = document.querySelector<HTMLFormElement>(`form[action="${target}"]`)!
        const once = new FormData(form)
        const send = async () => {
          const body = new FormData()
          for (const name of ['csrf', 'once']) body.set(name, once.get(name) as string)
          for (const [name, value] of Object.entries(filled as Record<string, string>)) body.set(name, value)
          const sent = form.enctype === 'multipart/form-data' ? body : new URLSearchParams(body as never)
          return (await fetch(target as string, { method: 'POST', body: sent })).status
        }
        return [...(await Promise.all([send(), send()])), await send()]
      },
      [action, values] as const,
    ),
  )

test('the server counts a plain form once, however often it arrives', async () => {
  expect(await sendThrice('/projects/create', '/projects/create', { name: 'Thrice', labels: 'car' })).toEqual([200, 200, 200])
  expect(await count('/api/projects?name=Thrice')).toBe(1)
  const task = { name: 'Thrice', labels: 'car' }
  expect(await sendThrice('/tasks/create', '/tasks/create', task)).toEqual([200, 200, 200])
  expect(await count('/api/tasks?name=Thrice')).toBe(1)
  expect(await sendThrice('/profile', '/profile/tokens', { name: 'Thrice' })).toEqual([201, 201, 201])
  expect(await count('/api/auth/access_tokens?name=Thrice')).toBe(1)
})

test('what the server refuses stands beside the field that it names, until that is changed', async () => {
  await open('/organizations/create')
  await byId('org-slug').fill('double')
  await byId('org-submit').click()
  await untilText(page.locator('label:has([data-testid="org-slug"]) [role="alert"]'), 'already exists')
  // A form that scripts send.
  await open('/profile')
  await byId('profile-username').fill('double')
  await byId('profile-submit').click()
  const line = page.locator('label:has([data-testid="profile-username"]) [data-field-problem]')
  await untilText(line, 'already exists')
  await until(() => byId('profile-username').getAttribute('aria-invalid'), 'true')
  await byId('profile-username').fill('admin')
  await line.waitFor({ state: 'detached' })
  await until(() => byId('profile-username').getAttribute('aria-invalid'), null)
})

const endSession = () => page.context().clearCookies({ name: 'sessionid' })
const signInAgain = async () => {
  await page.waitForURL(/\/auth\/login/)
  await pages.login()
}

test('a session ends under a form with scripts: after signing in everything typed is there', async () => {
  await open('/projects/create')
  await byId('project-name').fill('Kept')
  await byId('project-tracker').fill('https://example.com/kept')
  await addLabel('kept label')
  await endSession()
  await byId('project-submit').click()
  await signInAgain()
  await page.waitForURL(/\/projects\/create$/)
  await until(() => byId('project-name').inputValue(), 'Kept')
  await until(() => byId('project-tracker').inputValue(), 'https://example.com/kept')
  await untilText(page.getByTestId(/^label-new-/), 'kept label')
  await visible(byId('toast-info'))
  await byId('project-submit').click()
  await page.waitForURL(/\/projects\/\d+$/)
  const [kept] = (await client.get('/api/projects?name=Kept')).results
  expect((await client.get(`/api/labels?project_id=${kept.id}`)).results[0].name).toBe('kept label')
})

test('a session ends under a plain form: what was typed is there, passwords are not', async () => {
  await open(`/projects/${project}/webhooks/create`)
  await byId('webhook-url').fill('https://example.com/kept')
  await byId('webhook-secret').fill('s3cret')
  await byId('webhook-events-selected').check()
  await endSession()
  await byId('webhook-submit').click()
  await signInAgain()
  await page.waitForURL(/\/webhooks\/create$/)
  await until(() => byId('webhook-url').inputValue(), 'https://example.com/kept')
  await until(() => byId('webhook-events-selected').isChecked(), true)
  expect(await page.evaluate(() => JSON.stringify(sessionStorage))).not.toContain('s3cret')
  // It was for this once.
  await page.reload()
  await until(() => byId('webhook-url').inputValue(), '')
})

test('a field that saves itself leads to signing in and back when the session has ended', async () => {
  await open(`/projects/${project}`)
  await endSession()
  await byId('project-title').fill('Never saved')
  await byId('project-title').press('Enter')
  await signInAgain()
  await page.waitForURL(`${pages.server.url}/projects/${project}`)
  await until(() => byId('project-title').inputValue(), 'There')
})
