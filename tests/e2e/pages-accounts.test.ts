// Accounts in a real browser: first steps, sign-in, proof of addresses, forgotten passwords, invitations; the mails go through a real mail server.
import { afterAll, beforeAll, describe, expect, setDefaultTimeout, test } from 'bun:test'
import type { Browser, Page } from 'playwright-core'
import { SMTPServer } from 'smtp-server'
import { type Client, signIn } from '../../scripts/client.ts'
import { openBrowser, until } from './browser.ts'
import { untilText, visible } from './pages-fixture.ts'
import { startServer, type TestServer } from './server.ts'

setDefaultTimeout(60_000)

const password = 'a good-enough pass 7'
const waitMs = 15_000

let server: TestServer
let browser: Browser
let close: () => Promise<void>
let page: Page

const byId = (id: string) => page.getByTestId(id)
const login = async (username: string, secret: string) => {
  await byId('login-username').fill(username)
  await byId('login-password').fill(secret)
  await byId('login-submit').click()
}
const openStranger = async () => {
  const context = await browser.newContext()
  context.setDefaultTimeout(waitMs)
  page = await context.newPage()
}

beforeAll(async () => {
  server = await startServer({ ANNOLITH_ADMIN_PASSWORD: '', ANNOLITH_SIGN_UP: 'open' })
  ;({ browser, close } = await openBrowser())
})
afterAll(async () => {
  await close?.()
  await server?.stop()
})

test('the link in the log makes the first administrator, once', async () => {
  const link = /http\S+\/auth\/setup\?token=\w+/.exec(server.log())![0]
  await openStranger()
  await page.goto(link)
  await byId('setup-password').fill('123')
  await byId('setup-submit').click()
  await visible(byId('setup-error'))
  await byId('setup-password').fill(password)
  await byId('setup-submit').click()
  await visible(byId('welcome'))
  expect((await page.goto(link))!.status()).toBe(404)
})

test('whoever signs up sees the rules while typing and is signed in', async () => {
  await openStranger()
  await page.goto(`${server.url}/auth/login`)
  await byId('login-register').click()
  await byId('register-first-name').fill('يوسف')
  await byId('register-last-name').fill('Haddad')
  await byId('register-email').fill('yusuf@example.org')
  await byId('register-username').fill('yusuf')
  await byId('register-password').fill('1234')
  const rules = byId('register-rules').locator('[data-ok]')
  await until(() => rules.evaluateAll((all) => all.map((rule) => (rule as HTMLElement).dataset.ok)), ['false', 'false'])
  await byId('register-password').fill(password)
  await until(() => rules.evaluateAll((all) => all.map((rule) => (rule as HTMLElement).dataset.ok)), ['true', 'true'])
  await byId('register-submit').click()
  await page.waitForURL(`${server.url}/`)
  await byId('user-menu').click()
  await visible(page.getByText('يوسف Haddad'))
})

test('an organization is made, entered and left; what is made inside belongs to it', async () => {
  await page.goto(`${server.url}/organizations/create`)
  await byId('org-slug').fill('lab')
  await byId('org-name').fill('Vision <lab>')
  await byId('org-submit').click()
  await page.waitForURL(/\/organization$/)
  await until(() => page.getByRole('heading', { level: 1 }).textContent(), 'Vision <lab>')
  await page.goto(`${server.url}/projects/create`)
  await byId('project-name').fill('Shared')
  await byId('project-submit').click()
  await page.waitForURL(/\/projects\/\d+$/)
  await byId('org-switch').click()
  await byId('org-switch-personal').click()
  await page.goto(`${server.url}/projects`)
  await visible(byId('list-empty'))
  await byId('org-switch').click()
  await byId('org-switch-lab').click()
  await page.waitForLoadState()
  await until(() => byId('row-open').allTextContents(), ['Shared'])
})

test('a new password ends the session; the old one is refused', async () => {
  await page.goto(`${server.url}/profile`)
  await byId('password-old').fill(password)
  await byId('password-new').fill(`${password}!`)
  await byId('password-repeat').fill(`${password}!`)
  await byId('password-submit').click()
  await page.waitForURL(/\/auth\/login/)
  await login('yusuf', password)
  await visible(byId('login-error'))
  await login('yusuf', `${password}!`)
  await byId('user-menu').waitFor()
})

type Mail = { to: string; text: string }

const publicUrl = 'http://annolith.example'

/** A mail server that keeps what arrives. */
const openMailbox = async () => {
  const mails: Mail[] = []
  const waiting = new Set<() => void>()
  const smtp = new SMTPServer({
    disabledCommands: ['STARTTLS', 'AUTH'],
    onData: (stream, { envelope }, done) => {
      const parts: Buffer[] = []
      stream.on('data', (part: Buffer) => parts.push(part))
      stream.on('end', () => {
        // Long lines are folded with a soft break in quoted-printable.
        const text = Buffer.concat(parts).toString('utf8').replace(/=\r\n/g, '').replace(/=3D/g, '=')
        for (const { address } of envelope.rcptTo) mails.push({ to: address, text })
        done()
        for (const look of waiting) look()
      })
    },
  })
  await new Promise<void>((resolve) => smtp.listen(0, '127.0.0.1', resolve))
  const { port } = smtp.server.address() as { port: number }
  /** Path and query of the link in the n-th mail to an address, once it has arrived. */
  const readLink = (to: string, n = 1) =>
    new Promise<string>((resolve) => {
      const look = () => {
        const mail = mails.filter((one) => one.to === to)[n - 1]
        if (!mail) return
        waiting.delete(look)
        resolve(/http:\/\/annolith\.example(\S+)/.exec(mail.text)![1]!)
      }
      waiting.add(look)
      look()
    })
  return { url: `smtp://127.0.0.1:${port}`, readLink, close: () => new Promise<void>((resolve) => smtp.close(resolve)) }
}

describe('with a mail server', () => {
  let mailbox: Awaited<ReturnType<typeof openMailbox>>
  let mailing: TestServer
  let client: Client
  const complaints: string[] = []
  const open = (path: string) => page.goto(`${mailing.url}${path}`)
  const start = async (env: Record<string, string>) => {
    const provider = { name: 'corp', kind: 'oidc', title: 'R&D <corp>', issuer: 'http://127.0.0.1:9', client_id: 'annolith' }
    mailing = await startServer({
      ANNOLITH_SMTP_URL: mailbox.url,
      ANNOLITH_PUBLIC_URL: publicUrl,
      ANNOLITH_PROVIDERS: JSON.stringify([provider]),
      ...env,
    })
    client = await signIn(mailing.url, 'admin', mailing.adminPassword)
  }
  const enter = async (username: string, secret: string, next = '/profile') => {
    await openStranger()
    page.on('console', (message) => /Content Security Policy/.test(message.text()) && complaints.push(message.text()))
    await open(`/auth/login?next=${encodeURIComponent(next)}`)
    await login(username, secret)
    await page.waitForURL(`${mailing.url}${next}`)
  }
  const fillRegistration = async (username: string, email?: string) => {
    if (email) await byId('register-email').fill(email)
    await byId('register-username').fill(username)
    await byId('register-password').fill(password)
    await byId('register-submit').click()
  }

  beforeAll(async () => {
    mailbox = await openMailbox()
  })
  afterAll(async () => {
    await mailbox?.close()
    expect(complaints).toEqual([])
  })

  describe('sign-up is open, addresses must be proven', () => {
    beforeAll(() => start({ ANNOLITH_SIGN_UP: 'open', ANNOLITH_EMAIL_VERIFICATION: 'mandatory', ANNOLITH_SIGN_IN_ATTEMPTS: '3' }))
    afterAll(() => mailing?.stop())

    test('without scripts too: registration leads to a mail, its link to a usable account; a used link offers a new mail', async () => {
      const context = await browser.newContext({ javaScriptEnabled: false })
      context.setDefaultTimeout(waitMs)
      page = await context.newPage()
      await open('/auth/register')
      await fillRegistration('four', 'nadia@example.org')
      await untilText(byId('register-error'), 'User name')
      await until(() => byId('register-email').inputValue(), 'nadia@example.org')
      await fillRegistration('nadia')
      await visible(byId('confirmation-sent'))
      await open('/auth/login')
      await login('nadia', password)
      await untilText(byId('login-error'), 'Confirm your e-mail address first')
      await byId('login-verify').click()
      await byId('confirmation-email').fill('nadia@example.org')
      await byId('confirmation-resend').click()
      await visible(byId('confirmation-sent'))
      const [older, newer] = [await mailbox.readLink('nadia@example.org'), await mailbox.readLink('nadia@example.org', 2)]
      expect((await open(older))!.status()).toBe(400)
      await visible(byId('confirmation-bad'))
      await open(newer)
      await visible(byId('confirmation-done'))
      expect(page.url()).not.toContain('token')
      expect((await open(newer))!.status()).toBe(400)
      await open('/auth/login?next=/profile')
      await login('nadia', password)
      await page.waitForURL(`${mailing.url}/profile`)
    })

    test('a forgotten password: the same notice for everybody, a link that works once', async () => {
      await openStranger()
      const ask = async (email: string) => {
        await open('/auth/login')
        await byId('login-forgot').click()
        await byId('reset-email').fill(email)
        await byId('reset-submit').click()
        return byId('reset-sent').textContent()
      }
      expect(await ask('nobody@example.org')).toBe(await ask('nadia@example.org'))
      const link = await mailbox.readLink('nadia@example.org', 3)
      await open(link)
      const set = async (first: string, second: string) => {
        await byId('reset-password').fill(first)
        await byId('reset-repeat').fill(second)
        await byId('reset-confirm').click()
      }
      await set(`${password}!`, password)
      await untilText(byId('reset-error'), 'didn’t match')
      await byId('reset-password').fill('1234')
      await until(() => byId('reset-rules').locator('[data-ok="false"]').count(), 2)
      await set(`${password}!`, `${password}!`)
      await visible(byId('login-notice'))
      await login('nadia', `${password}!`)
      await page.waitForURL(`${mailing.url}/`)
      await openStranger()
      expect((await open(link))!.status()).toBe(400)
      await visible(byId('reset-error'))
      await until(() => byId('reset-password').count(), 0)
    })

    test('failures are limited by account, but not where its person signed in before', async () => {
      await openStranger()
      await open('/auth/login')
      /** Tries once and answers when the next page is there. */
      const guess = async (username: string) => {
        const answered = page.waitForResponse((response) => response.request().method() === 'POST')
        const loaded = page.waitForEvent('domcontentloaded')
        await login(username, 'wrong')
        await loaded
        return answered
      }
      for (const _ of [1, 2, 3]) expect((await guess('stranger')).status()).toBe(400)
      const answer = await guess('stranger')
      await untilText(byId('login-error'), 'Too many attempts')
      expect([answer.status(), Number(answer.headers()['retry-after']) > 0]).toEqual([429, true])
      for (const _ of [1, 2, 3, 4]) expect((await guess('nadia')).status()).toBe(400)
      await untilText(byId('login-error'), 'do not fit')
      await login('nadia', `${password}!`)
      await page.waitForURL(`${mailing.url}/`)
    })

    test('providers have buttons; what went wrong there is said in words', async () => {
      await openStranger()
      await open('/auth/login')
      expect(await byId('login-provider-corp').textContent()).toContain('R&D <corp>')
      await byId('login-provider-corp').click()
      await untilText(byId('login-error'), 'provider failed')
      await open('/auth/login?problem=inactive')
      await untilText(byId('login-error'), 'shut')
      await open('/auth/login?problem=constructor')
      await visible(byId('login-submit'))
      await until(() => byId('login-error').count(), 0)
    })
  })

  describe('sign-up is closed', () => {
    const mate = 'mate@example.org'
    let link: string
    const createOrganization = async (slug: string) => {
      await client.send('POST', '/api/organizations', { slug, name: `${slug} <x>` })
      return slug
    }
    const openOrganization = async (slug: string) => {
      await page.context().addCookies([{ name: 'organization', value: slug, url: mailing.url }])
      await open('/organization')
    }
    const invite = (slug: string, email: string) => client.send('POST', `/api/invitations?org=${slug}`, { email, role: 'worker' })

    beforeAll(() => start({ ANNOLITH_EMAIL_VERIFICATION: 'optional' }))
    afterAll(() => mailing?.stop())

    test('several people are invited at once; what fails stays in the form', async () => {
      await enter('admin', mailing.adminPassword)
      await openOrganization(await createOrganization('team'))
      await byId('org-invite').click()
      await byId('invite-email').fill(mate)
      await byId('invite-role').selectOption('supervisor')
      await byId('invite-more').click()
      await byId('invite-email').nth(1).fill('gone@example.org')
      await until(() => byId('invite-role').first().inputValue(), 'supervisor')
      await byId('invite-submit').click()
      await untilText(byId('invite-done'), '2 people')
      await until(() => page.locator('[data-testid^="invitation-"]').count(), 2)
      await byId('org-invite').click()
      await byId('invite-email').fill(mate)
      await byId('invite-submit').click()
      await untilText(byId('invite-error'), 'member of the organization already')
      await until(() => byId('invite-email').inputValue(), mate)
      link = await mailbox.readLink(mate)
    })

    test('an invitation is sent again, another taken back', async () => {
      await openOrganization('team')
      const rowOf = (email: string) => page.locator('[data-testid^="invitation-"]').filter({ hasText: email })
      await rowOf(mate).getByTestId('row-resend').click()
      await untilText(byId('invite-done'), 'sent again')
      const older = link
      link = await mailbox.readLink(mate, 2)
      expect(link).not.toBe(older)
      await rowOf('gone@example.org').getByTestId('row-remove').click()
      await byId('dialog-ok').click()
      await rowOf('gone@example.org').waitFor({ state: 'detached' })
      await openStranger()
      expect((await open(older))!.status()).toBe(400)
      await visible(byId('register-bad-link'))
      expect((await open('/auth/register'))!.status()).toBe(403)
    })

    test('the link of the mail makes an account and a member; the address stays as it is', async () => {
      await openStranger()
      await open(link)
      await until(() => byId('register-email').inputValue(), mate)
      expect(await byId('register-email').getAttribute('readonly')).not.toBeNull()
      await byId('register-password').fill('1234')
      await until(() => byId('register-rules').locator('[data-ok="false"]').count(), 2)
      await fillRegistration('mate-7')
      await untilText(byId('invitation-state'), 'You are a member')
      await byId('invitation-enter').click()
      await page.waitForURL(`${mailing.url}/organization`)
      await until(() => page.getByRole('heading', { level: 1 }).textContent(), 'team <x>')
      await until(() => byId('org-invite').count(), 0)
      expect((await client.get('/api/users?search=mate-7')).results[0]).toMatchObject({ email: mate })
    })

    test('the owner changes a role and takes somebody out; a member leaves', async () => {
      const mates = page
      await enter('admin', mailing.adminPassword)
      await openOrganization('team')
      const row = page.locator('[data-testid^="member-"]').filter({ hasText: 'mate-7' })
      const saved = page.waitForResponse((response) => response.request().method() === 'PATCH')
      await row.getByTestId('member-role').selectOption('maintainer')
      expect((await saved).status()).toBe(200)
      await page.reload()
      await until(() => row.getByTestId('member-role').inputValue(), 'maintainer')

      await client.send('POST', '/api/auth/register', {
        username: 'other-8',
        email: 'other@example.org',
        password1: password,
        password2: password,
      })
      await invite('team', 'other@example.org')
      await page.reload()
      const other = page.locator('[data-testid^="member-"]').filter({ hasText: 'other-8' })
      await other.getByTestId('row-remove').click()
      await byId('dialog-ok').click()
      await other.waitFor({ state: 'detached' })

      page = mates
      await open('/organization')
      await byId('org-leave').click()
      await byId('dialog-ok').click()
      await page.waitForURL(`${mailing.url}/projects`)
      expect((await client.get('/api/memberships?org=team')).count).toBe(1)
    })

    test('somebody with an account accepts one and declines another once the address is proven', async () => {
      const moved = 'moved@example.org'
      await enter('mate-7', password)
      const self = await client.get('/api/users?search=mate-7')
      await byId('profile-email').fill(moved)
      await byId('profile-submit').click()
      const proof = await mailbox.readLink(moved)
      for (const slug of ['one', 'two']) await invite(await createOrganization(slug), moved)
      await open('/invitations')
      const rowOf = (slug: string) => page.locator('tr[data-testid^="invitation-"]').filter({ hasText: `${slug} <x>` })
      await rowOf('one').getByTestId('row-accept').click()
      await untilText(byId('invitation-error'), 'must be confirmed first')
      await visible(byId('invitation-verify'))
      await open(proof)
      await visible(byId('confirmation-done'))
      await open('/invitations')
      await rowOf('two').getByTestId('row-decline').click()
      await rowOf('two').waitFor({ state: 'detached' })
      await rowOf('one').getByTestId('row-open').click()
      await byId('row-accept').click()
      await page.waitForURL(`${mailing.url}/organization`)
      await until(() => page.getByRole('heading', { level: 1 }).textContent(), 'one <x>')
      await open('/invitations')
      await visible(byId('list-empty'))
      expect((await client.get('/api/memberships?org=two')).count).toBe(1)
      expect(self.count).toBe(1)
    })

    test('a form of another site is refused', async () => {
      const [pending] = [await client.send('POST', '/api/invitations?org=two', { email: 'late@example.org', role: 'worker' })]
      await enter('admin', mailing.adminPassword)
      await openOrganization('two')
      const send = (headers: Record<string, string>, csrf: string) =>
        page.request.post(`${mailing.url}/organization/invitations/${pending.key}/resend`, {
          headers,
          form: { csrf },
          maxRedirects: 0,
        })
      const csrf = await page.locator('input[name="csrf"]').first().inputValue()
      expect((await send({ origin: mailing.url }, 'guessed')).status()).toBe(403)
      expect((await send({ origin: 'http://evil.example' }, csrf)).status()).toBe(403)
      expect((await send({ origin: mailing.url }, csrf)).status()).toBe(303)
    })
  })
})
