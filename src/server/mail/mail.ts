// Sends mails through the configured server. Without one they are written to the log at debug and dropped. Nobody waits for a mail or fails by one.

import type { Transporter } from 'nodemailer'
import { config } from '../config'
import { log } from '../log'

export type Mail = { to: string; subject: string; text: string }

const timeoutMs = 20_000
let opened: { url: string; transport: Promise<Transporter> } | undefined

const openTransport = (url: string) => {
  if (opened?.url !== url)
    opened = {
      url,
      transport: import('nodemailer').then(({ createTransport }) =>
        createTransport({ url, connectionTimeout: timeoutMs, greetingTimeout: timeoutMs, socketTimeout: timeoutMs }),
      ),
    }
  return opened.transport
}

const underway = new Set<Promise<unknown>>()

const deliver = async ({ to, subject, text }: Mail) => {
  const { smtp_url, mail_from } = config()
  if (!smtp_url) {
    log().debug(`mail to ${to} is not sent, no mail server is configured: ${subject}\n${text}`)
    return
  }
  try {
    const transport = await openTransport(smtp_url)
    await transport.sendMail({ from: mail_from, to: { name: '', address: to }, subject, text })
  } catch (error) {
    log().error(`mail to ${to} failed: ${(error as Error).message}`)
  }
}

/** Whether mails can go out at all. */
export const hasMail = () => config().smtp_url !== ''

/** Sends a mail in the background, so that the answer's time does not tell whether one was sent. */
export const sendMail = (mail: Mail): void => {
  const sending = deliver(mail)
  underway.add(sending)
  sending.finally(() => underway.delete(sending))
}

/** Resolves when no mail is on its way. */
export const whenMailIsSent = async () => {
  while (underway.size) await Promise.all(underway)
}

/** Signs in at the mail server without sending anything. Throws when that fails. */
export const checkMail = async (): Promise<void> => {
  await (await openTransport(config().smtp_url)).verify()
}
