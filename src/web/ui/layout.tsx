// The frame of every page: document, top bar with navigation, account menu, toasts.
import type { Children } from '@kitajs/html'
import { type Language, t } from './i18n/message'
import { Icon, type IconName } from './icon'

/** `texts`: what scripts show in the language of the page, unless that is English. */
export type Assets = { appCss: string; appJs: string; texts?: string; icon: string; logo: string }
/** `mayCreate`: makes projects, tasks and organizations of their own. */
export type Viewer = { id: number; username: string; name: string; isStaff: boolean; mayCreate: boolean }
export type Theme = 'light' | 'dark' | 'system'

export type Frame = {
  assets: Assets
  /** How the server is called, and the line about it on the sign-in page. */
  brand: { name: string; subtitle: string }
  theme: Theme
  /** The signed-in person; null on the sign-in page. */
  viewer: Viewer | null
  /** Short name of the chosen organization, '' = personal workspace, null = everything. */
  organization: string | null
  organizations: { slug: string; name: string }[]
  language: Language
  /** As the person chose it; `system` follows the browser. */
  languageChoice: string
  isCompact: boolean
  /** Token of forms against forgery. */
  csrf: string
  /** Invitations that wait for an answer. */
  invitations: number
  /** How far live events had come before anything of the page was read. */
  told?: string
  /** New files are refused. */
  isDiskFull: boolean
}

export type Section = 'projects' | 'tasks' | 'jobs' | 'find' | 'requests' | 'cloud-storages' | 'models' | 'admin'
type SectionEntry = { section: Section; label: string; icon: IconName; href?: string; forAdmins?: boolean }
const sections: SectionEntry[] = [
  { section: 'projects', label: 'Projects', icon: 'folder' },
  { section: 'tasks', label: 'Tasks', icon: 'tasks' },
  { section: 'jobs', label: 'Jobs', icon: 'briefcase' },
  { section: 'find', label: 'Gallery', icon: 'image' },
  { section: 'cloud-storages', label: 'Storages', icon: 'cloudPlain', href: '/cloudstorages' },
  { section: 'requests', label: 'Requests', icon: 'history' },
  { section: 'models', label: 'Models', icon: 'bot' },
  { section: 'admin', label: 'Admin', icon: 'shield', forAdmins: true },
]

type DocumentProps = {
  title: string
  frame: Frame
  styles?: string[]
  scripts?: string[]
  children?: Children
}

/** `<html>` around anything. */
export const Document = ({ title, frame, styles, scripts, children }: DocumentProps): JSX.Element => (
  <>
    {'<!doctype html>'}
    <html
      lang={frame.language}
      data-theme={frame.theme === 'system' ? undefined : frame.theme}
      data-organization={frame.organization ?? undefined}
      data-density={frame.isCompact ? 'compact' : undefined}
      data-told={frame.told}
    >
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <meta name="color-scheme" content="light dark" />
        <meta name="htmx-config" content='{"includeIndicatorCSS":false,"history":"reload","noSwap":[204,304,"4xx","5xx"]}' />
        <title safe>{title}</title>
        <link rel="icon" href={frame.assets.icon} />
        {(styles ?? [frame.assets.appCss]).map((href) => (
          <link rel="stylesheet" href={href} />
        ))}
        {(scripts ?? [frame.assets.texts ?? [], frame.assets.appJs].flat()).map((src) => (
          <script type="module" src={src}></script>
        ))}
      </head>
      {children}
    </html>
  </>
)

const themes: { value: Theme; label: string; icon: IconName }[] = [
  { value: 'system', label: 'As the system', icon: 'monitor' },
  { value: 'light', label: 'Light', icon: 'sun' },
  { value: 'dark', label: 'Dark', icon: 'moon' },
]

const accountEntries: { href: string; icon: IconName; label: string; testid?: string; forCreators?: boolean }[] = [
  { href: '/profile', icon: 'user', label: 'Profile', testid: 'user-menu-profile' },
  { href: '/profile#security', icon: 'key', label: 'Password and tokens', testid: 'user-menu-security' },
  { href: '/settings', icon: 'settings', label: 'Settings', testid: 'user-menu-settings' },
  { href: '/analytics/me', icon: 'activity', label: 'My work', testid: 'user-menu-analytics' },
  {
    href: '/organizations/create',
    icon: 'boxes',
    label: 'New organization',
    testid: 'user-menu-organization',
    forCreators: true,
  },
  { href: '/invitations', icon: 'mail', label: 'Invitations', testid: 'user-menu-invitations' },
  { href: '/welcome', icon: 'check', label: 'First steps', testid: 'user-menu-welcome' },
  { href: '/api/docs/', icon: 'code', label: 'API documentation' },
  { href: '/about', icon: 'info', label: 'About', testid: 'user-menu-about' },
]

type MenuProps = { viewer: Viewer } & Pick<Frame, 'theme' | 'invitations' | 'csrf'>

const UserMenu = ({ viewer, theme, invitations, csrf }: MenuProps) => (
  <>
    <button
      type="button"
      class="btn btn-quiet px-2 max-md:px-1"
      data-testid="user-menu"
      popovertarget="user-menu"
      aria-label={t('Account of {username}', { username: viewer.username })}
    >
      <Icon name="user" />
      <span class="max-w-40 truncate max-md:hidden" dir="auto" safe>
        {viewer.username}
      </span>
    </button>
    <div id="user-menu" popover="auto" class="float menu" data-menu role="menu">
      <div class="px-2.5 pt-1.5 pb-2">
        <div class="truncate font-semibold" dir="auto" safe>
          {viewer.name || viewer.username}
        </div>
        <div class="hint truncate" safe>
          {viewer.username}
        </div>
      </div>
      <div class="menu-line"></div>
      {accountEntries
        .filter(({ forCreators }) => viewer.mayCreate || !forCreators)
        .map(({ href, icon, label, testid }) => (
          <a class="menu-item" role="menuitem" href={href} data-testid={testid} data-about={href === '/about'}>
            <Icon name={icon} />
            <span class="flex-1">{t(label) as 'safe'}</span>
            {href === '/invitations' && invitations > 0 ? (
              <span class="badge plain num" data-testid="invitations-count">
                {invitations}
              </span>
            ) : (
              ''
            )}
          </a>
        ))}
      <div class="menu-line"></div>
      {themes.map(({ value, label, icon }) => (
        <button
          type="button"
          class="menu-item"
          role="menuitemradio"
          aria-checked={String(theme === value) as 'true'}
          data-theme-choice={value}
          data-value={value}
        >
          <Icon name={icon} />
          <span class="flex-1">{t(label) as 'safe'}</span>
          <span class="theme-mark">{theme === value ? <Icon name="check" /> : ''}</span>
        </button>
      ))}
      <div class="menu-line"></div>
      <form method="post" action="/auth/logout" data-submit-once role="none">
        <input type="hidden" name="csrf" value={csrf} autocomplete="off" />
        <button type="submit" class="menu-item w-full" role="menuitem" data-logout data-testid="user-menu-logout">
          <Icon name="logOut" />
          {t('Sign out') as 'safe'}
        </button>
      </form>
    </div>
  </>
)

const OrganizationMenu = ({ frame }: { frame: Frame }) => {
  const current = frame.organizations.some(({ slug }) => slug === frame.organization)
  const label = frame.organization === null ? t('Everything') : frame.organization || t('Personal')
  return (
    <>
      <button
        type="button"
        class="btn btn-quiet px-2"
        data-testid="org-switch"
        popovertarget="org-menu"
        aria-label={`${t('Organization')}: ${label}`}
      >
        <Icon name="boxes" />
        <span class="max-w-32 truncate max-md:hidden" dir="auto" safe>
          {label}
        </span>
        <Icon name="chevronDown" />
      </button>
      <form
        id="org-menu"
        popover="auto"
        class="float menu"
        data-menu
        role="menu"
        method="post"
        action="/organization/choose"
        data-submit-once
      >
        <input type="hidden" name="csrf" value={frame.csrf} autocomplete="off" />
        <button
          type="submit"
          name="slug"
          value="*"
          class="menu-item"
          role="menuitemradio"
          aria-checked={frame.organization === null ? 'true' : 'false'}
          data-testid="org-switch-everything"
        >
          {t('Everything') as 'safe'}
        </button>
        <button
          type="submit"
          name="slug"
          value="-"
          class="menu-item"
          role="menuitemradio"
          aria-checked={frame.organization === '' ? 'true' : 'false'}
          data-testid="org-switch-personal"
        >
          {t('Personal workspace') as 'safe'}
        </button>
        {frame.organizations.map(({ slug, name }) => (
          <button
            type="submit"
            name="slug"
            value={slug}
            class="menu-item"
            role="menuitemradio"
            aria-checked={slug === frame.organization ? 'true' : 'false'}
            data-testid={`org-switch-${slug}`}
          >
            <span class="truncate" dir="auto" safe>
              {name || slug}
            </span>
          </button>
        ))}
        {current ? (
          <>
            <div class="menu-line"></div>
            <a class="menu-item" role="menuitem" href="/organization" data-testid="org-settings">
              {t('Settings and members') as 'safe'}
            </a>
          </>
        ) : (
          ''
        )}
      </form>
    </>
  )
}

const TopBar = ({ frame, section }: { frame: Frame; section: Section | undefined }) => (
  <header class="sticky top-0 z-20 border-b border-line bg-surface">
    <div class="mx-auto flex h-12 max-w-[1440px] items-center gap-1 px-4 max-md:px-2">
      <a
        href="/"
        class="me-3 flex items-center gap-2 font-semibold max-md:me-1"
        aria-label={`${frame.brand.name}, ${t('Start page')}`}
      >
        <img src={frame.assets.logo} alt="" width="24" height="24" />
        <span class="max-w-48 truncate max-lg:hidden" dir="auto" data-testid="brand-name" safe>
          {frame.brand.name}
        </span>
      </a>
      <nav class="nav flex min-w-0 flex-1 items-center overflow-x-auto" aria-label={t('Main')}>
        {sections
          .filter(({ forAdmins }) => !forAdmins || frame.viewer?.isStaff)
          .map(({ section: own, label, icon, href }) => (
            <a
              class="nav-link"
              href={href ?? `/${own}`}
              aria-current={own === section ? 'page' : undefined}
              data-testid={`nav-${own}`}
              title={t(label)}
            >
              <Icon name={icon} />
              <span class="max-lg:sr-only">{t(label) as 'safe'}</span>
            </a>
          ))}
      </nav>
      <button
        type="button"
        class="btn btn-quiet btn-small me-1 gap-2 text-muted"
        data-palette
        aria-keyshortcuts="Control+K"
        aria-label={t('Find anything, Ctrl K')}
        title={t('Find anything (Ctrl+K)')}
      >
        <Icon name="search" />
        <kbd class="key max-md:hidden" aria-hidden="true">
          Ctrl K
        </kbd>
      </button>
      {frame.organizations.length > 0 && <OrganizationMenu frame={frame} />}
      {frame.viewer ? <UserMenu {...frame} viewer={frame.viewer} /> : ''}
    </div>
  </header>
)

export type ShellProps = { title: string; frame: Frame; section?: Section; children?: Children }

/** A page with top bar and content up to 1440 px wide. */
export const Shell = ({ title, frame, section, children }: ShellProps): JSX.Element => (
  <Document title={`${title} · ${frame.brand.name}`} frame={frame}>
    <body class="flex flex-col">
      <a class="btn btn-primary skip" href="#content">
        {t('Skip to content') as 'safe'}
      </a>
      <TopBar frame={frame} section={section} />
      {frame.viewer && frame.isDiskFull ? <DiskBanner viewer={frame.viewer} /> : ''}
      <main
        id="content"
        tabindex="-1"
        class="mx-auto w-full max-w-[1440px] flex-1 px-4 py-4 outline-none max-md:px-3 max-md:py-3"
      >
        {children}
      </main>
      <Toasts />
    </body>
  </Document>
)

/** Why uploads are refused, on every page until there is room again. */
const DiskBanner = ({ viewer }: { viewer: Viewer }) => (
  <div class="mx-auto w-full max-w-[1440px] px-4 pt-3 max-md:px-3" role="status" data-testid="disk-banner">
    <div class="problem">
      <p>
        {
          t(
            'The disk of the server is nearly full: new tasks, uploads, imports and exports have to wait. Annotations are saved as always.',
          ) as 'safe'
        }{' '}
        {viewer.isStaff ? (
          <a class="underline" href="/admin/storage" data-testid="disk-banner-storage">
            {t('See what uses it') as 'safe'}
          </a>
        ) : (
          ''
        )}
      </p>
    </div>
  </div>
)

/** A page without navigation: a card in the middle. */
export const Centered = ({ title, frame, children }: ShellProps): JSX.Element => (
  <Document title={`${title} · ${frame.brand.name}`} frame={frame}>
    <body class="grid place-items-center bg-sunken p-4">
      <main id="content" class="w-full max-w-[360px]">
        {children}
      </main>
      <Toasts />
    </body>
  </Document>
)

/** Where islands put their messages. */
const Toasts = () => (
  <div
    id="toasts"
    class="pointer-events-none fixed end-4 bottom-4 z-40 grid w-[min(400px,calc(100vw-32px))] gap-2"
    aria-live="polite"
  ></div>
)
