// /about, /models and /settings: what this server is, which models it can run, and how its pages look to the person.

import { Elysia } from 'elysia'
import { ChoiceField, Notice, PageHead } from '../../web/ui/form'
import { say, t } from '../../web/ui/i18n/message'
import { Details } from '../../web/ui/parts'
import { FormToken, receiveForm, showPage } from '../auth/service'
import { config } from '../config'
import { readBrand } from '../http/brand'
import { redirectTo } from '../http/html'

/** What the dialog and the page about the server say. */
const About = () => (
  <div class="grid gap-4" id="about" data-testid="about">
    <div class="flex items-center gap-3">
      <img class="h-9 w-auto max-w-40 object-contain" src={readBrand().logo} alt="" height="36" />
      <span class="min-w-0 text-[16px] font-semibold break-words" dir="auto" data-testid="brand-name" safe>
        {readBrand().name}
      </span>
    </div>
    <p dir="auto" safe>
      {t(readBrand().description)}
    </p>
    <Details
      rows={[
        [t('Program'), 'Annolith'],
        [t('Clients are told'), <span safe>{t('version {compatVersion}', { compatVersion: config().compat_version })}</span>],
        [t('Licence'), 'MIT'],
      ]}
    />
    <div class="flex flex-wrap gap-x-4 gap-y-1">
      <a class="link" href="/api/docs/">
        {say('API documentation')}
      </a>
      <a class="link" href="/assets/THIRD-PARTY-NOTICES.txt">
        {say('Libraries and their licences')}
      </a>
    </div>
  </div>
)

const showAbout = showPage(async () => ({
  title: t('About'),
  body: (
    <div class="mx-auto max-w-[560px]">
      <PageHead title={t('About')} />
      <div class="card p-4">
        <About />
      </div>
    </div>
  ),
}))

const themes = [
  ['system', 'As the system'],
  ['light', 'Light'],
  ['dark', 'Dark'],
] as const
const densities = [
  ['comfortable', 'Comfortable'],
  ['compact', 'Compact'],
] as const
const languages = [
  ['system', 'As the browser'],
  ['en', 'English'],
  ['de', 'Deutsch'],
] as const

const yearSeconds = 31_536_000

/** A cookie that scripts may read; the first choice is what holds without one. */
const keep = (name: string, value: string | undefined, options: readonly (readonly [string, string])[]) => {
  const known = options.some(([own]) => own === value) && value !== options[0]![0]
  return `${name}=${known ? value : ''}; Path=/; Max-Age=${known ? yearSeconds : 0}; SameSite=Lax`
}

const showSettings = showPage(async ({ request, query, frame }) => ({
  title: t('Settings'),
  body: (
    <div class="mx-auto grid max-w-[560px] gap-4">
      <PageHead title={t('Settings')} />
      <Notice text={query.saved ? t('Saved in this browser.') : undefined} testid="settings-saved" />
      <form class="card grid gap-4 p-4" method="post" action="/settings" data-settings>
        <FormToken request={request} />
        <ChoiceField label="Colours" name="theme" value={frame.theme} options={themes} testid="setting-theme" />
        <ChoiceField
          label="Language"
          name="language"
          value={frame.languageChoice}
          options={languages}
          testid="setting-language"
        />
        <ChoiceField
          label="Rows of lists"
          name="density"
          value={frame.isCompact ? 'compact' : 'comfortable'}
          options={densities}
          hint="Compact rows show more on small screens."
          testid="setting-density"
        />
        <p class="hint">{say('Player, canvas and keys are set in the editor itself: F2 there.')}</p>
        <div class="flex justify-end">
          <button type="submit" class="btn btn-primary" data-testid="settings-submit">
            {say('Save')}
          </button>
        </div>
      </form>
    </div>
  ),
}))

const receiveSettings = receiveForm(async (_visit, fields) =>
  redirectTo('/settings?saved=1', [
    keep('theme', fields.theme?.[0], themes),
    keep('language', fields.language?.[0], languages),
    keep('density', fields.density?.[0], densities),
  ]),
)

export const serverPages = new Elysia({ name: 'server-pages', detail: { hide: true } })
  .get('/about', showAbout)
  .get('/settings', showSettings)
  .post('/settings', receiveSettings)
