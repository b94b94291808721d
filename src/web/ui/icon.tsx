// Icons of the pages: lucide's drawings, put into the markup as text so that they take the colour of their place.

import activity from 'lucide-static/icons/activity.svg' with { type: 'text' }
import archive from 'lucide-static/icons/archive.svg' with { type: 'text' }
import arrowDown from 'lucide-static/icons/arrow-down.svg' with { type: 'text' }
import arrowUp from 'lucide-static/icons/arrow-up.svg' with { type: 'text' }
import arrowUpDown from 'lucide-static/icons/arrow-up-down.svg' with { type: 'text' }
import bone from 'lucide-static/icons/bone.svg' with { type: 'text' }
import book from 'lucide-static/icons/book-open.svg' with { type: 'text' }
import bot from 'lucide-static/icons/bot.svg' with { type: 'text' }
import boxes from 'lucide-static/icons/boxes.svg' with { type: 'text' }
import code from 'lucide-static/icons/braces.svg' with { type: 'text' }
import briefcase from 'lucide-static/icons/briefcase.svg' with { type: 'text' }
import check from 'lucide-static/icons/check.svg' with { type: 'text' }
import chevronDown from 'lucide-static/icons/chevron-down.svg' with { type: 'text' }
import chevronLeft from 'lucide-static/icons/chevron-left.svg' with { type: 'text' }
import chevronRight from 'lucide-static/icons/chevron-right.svg' with { type: 'text' }
import alert from 'lucide-static/icons/circle-alert.svg' with { type: 'text' }
import point from 'lucide-static/icons/circle-dot.svg' with { type: 'text' }
import user from 'lucide-static/icons/circle-user-round.svg' with { type: 'text' }
import cloudPlain from 'lucide-static/icons/cloud.svg' with { type: 'text' }
import cloud from 'lucide-static/icons/cloud-upload.svg' with { type: 'text' }
import download from 'lucide-static/icons/download.svg' with { type: 'text' }
import more from 'lucide-static/icons/ellipsis.svg' with { type: 'text' }
import external from 'lucide-static/icons/external-link.svg' with { type: 'text' }
import file from 'lucide-static/icons/file.svg' with { type: 'text' }
import film from 'lucide-static/icons/film.svg' with { type: 'text' }
import folder from 'lucide-static/icons/folder.svg' with { type: 'text' }
import move from 'lucide-static/icons/folder-input.svg' with { type: 'text' }
import disk from 'lucide-static/icons/hard-drive.svg' with { type: 'text' }
import history from 'lucide-static/icons/history.svg' with { type: 'text' }
import image from 'lucide-static/icons/image.svg' with { type: 'text' }
import info from 'lucide-static/icons/info.svg' with { type: 'text' }
import key from 'lucide-static/icons/key-round.svg' with { type: 'text' }
import languages from 'lucide-static/icons/languages.svg' with { type: 'text' }
import tasks from 'lucide-static/icons/list-checks.svg' with { type: 'text' }
import filter from 'lucide-static/icons/list-filter.svg' with { type: 'text' }
import logOut from 'lucide-static/icons/log-out.svg' with { type: 'text' }
import mail from 'lucide-static/icons/mail.svg' with { type: 'text' }
import monitor from 'lucide-static/icons/monitor.svg' with { type: 'text' }
import moon from 'lucide-static/icons/moon.svg' with { type: 'text' }
import pointer from 'lucide-static/icons/mouse-pointer.svg' with { type: 'text' }
import pencil from 'lucide-static/icons/pencil.svg' with { type: 'text' }
import plus from 'lucide-static/icons/plus.svg' with { type: 'text' }
import refresh from 'lucide-static/icons/refresh-cw.svg' with { type: 'text' }
import scroll from 'lucide-static/icons/scroll-text.svg' with { type: 'text' }
import search from 'lucide-static/icons/search.svg' with { type: 'text' }
import settings from 'lucide-static/icons/settings.svg' with { type: 'text' }
import shield from 'lucide-static/icons/shield.svg' with { type: 'text' }
import line from 'lucide-static/icons/spline.svg' with { type: 'text' }
import sun from 'lucide-static/icons/sun.svg' with { type: 'text' }
import tag from 'lucide-static/icons/tag.svg' with { type: 'text' }
import trash from 'lucide-static/icons/trash-2.svg' with { type: 'text' }
import upload from 'lucide-static/icons/upload.svg' with { type: 'text' }
import users from 'lucide-static/icons/users.svg' with { type: 'text' }
import webhook from 'lucide-static/icons/webhook.svg' with { type: 'text' }
import close from 'lucide-static/icons/x.svg' with { type: 'text' }

const toMarkup = (svg: string) =>
  svg
    .replace(/<!--.*?-->\s*/s, '')
    .replace(/\s+/g, ' ')
    .replace(/> </g, '><')
    .replace(/class="[^"]*"/, 'class="icon" aria-hidden="true"')
    .replace(/width="24" height="24"/, 'width="16" height="16"')
    .replace('stroke-width="2"', 'stroke-width="1.5"')
    .trim()

const drawings = {
  book,
  bot,
  bone,
  cloudPlain,
  disk,
  info,
  languages,
  move,
  pointer,
  refresh,
  scroll,
  settings,
  shield,
  users,
  webhook,
  activity,
  line,
  point,
  alert,
  archive,
  arrowDown,
  arrowUp,
  arrowUpDown,
  boxes,
  mail,
  briefcase,
  check,
  chevronDown,
  chevronLeft,
  chevronRight,
  close,
  cloud,
  code,
  download,
  external,
  file,
  film,
  filter,
  folder,
  history,
  image,
  key,
  logOut,
  monitor,
  moon,
  more,
  pencil,
  plus,
  search,
  sun,
  tag,
  tasks,
  trash,
  upload,
  user,
}
export type IconName = keyof typeof drawings

const markup = Object.fromEntries(Object.entries(drawings).map(([name, svg]) => [name, toMarkup(svg)])) as Record<
  IconName,
  string
>

/** A 16 px drawing; decoration only, so its control needs a name of its own. */
export const Icon = ({ name }: { name: IconName }): JSX.Element => markup[name] as 'safe'
