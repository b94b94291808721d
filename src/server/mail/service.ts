// The mails that Annolith writes. The door of the feature.
import { config } from '../config'
import { sendMail } from './mail'

export { checkMail, hasMail, whenMailIsSent } from './mail'

/** Text of a person's choice for a subject or sentence: one line, bounded, and nothing that mail programs make a link of. */
const plain = (text: string) =>
  text
    .replace(/\p{C}+/gu, ' ')
    .replace(/:\/\//g, ' ')
    .slice(0, 100)

type Letter = { subject: string; lines: string[] }

const letters = {
  reset: ({ username }: { username: string }): Letter => ({
    subject: 'Reset your password',
    lines: [
      `Somebody asked for a new password of the account ${plain(username)}.`,
      'This link sets one; it works once, for an hour:',
    ],
  }),
  verify: ({ username }: { username: string }): Letter => ({
    subject: 'Confirm your e-mail address',
    lines: [`This link confirms that this is the address of the account ${plain(username)}; it works once, for three days:`],
  }),
  taken: ({ username }: { username: string }): Letter => ({
    subject: 'You have an account already',
    lines: [
      `Somebody, perhaps you, tried to register with this address. It belongs to your account ${plain(username)} already.`,
      'If you forgot the password, ask for a new one here:',
    ],
  }),
  passwordChanged: ({ username }: { username: string }): Letter => ({
    subject: 'Your password was changed',
    lines: [`The password of your account ${plain(username)} was changed. If that was not you, set a new one here:`],
  }),
  addressChanged: ({ username }: { username: string }): Letter => ({
    subject: 'Your e-mail address was changed',
    lines: [`Your account ${plain(username)} has another e-mail address now. If that was not you, tell your administrator:`],
  }),
  invitation: ({ organization, inviter, role }: { organization: string; inviter: string; role: string }): Letter => ({
    subject: `Invitation to ${plain(organization)}`,
    lines: [`${plain(inviter)} invites you to the organization ${plain(organization)} as ${role}. To join, open this link:`],
  }),
  member: ({ organization, inviter, role }: { organization: string; inviter: string; role: string }): Letter => ({
    subject: `You are a member of ${plain(organization)}`,
    lines: [`${plain(inviter)} made you a ${role} of the organization ${plain(organization)}:`],
  }),
} as const
type Letters = typeof letters

/** Writes one of the letters to an address. `path` of our pages stands below it as a link. */
export const writeLetter = <K extends keyof Letters>(
  kind: K,
  to: string,
  path: string,
  facts: Parameters<Letters[K]>[0],
): void => {
  if (!to) return
  const { subject, lines } = (letters[kind] as (facts: unknown) => Letter)(facts)
  const link = config().public_url.replace(/\/$/, '') + path
  sendMail({
    to,
    subject,
    text: `${lines.join('\n\n')}\n\n${link}\n\nIf you did not expect this mail, you need not do anything.\n`,
  })
}
