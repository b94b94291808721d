// How an organization is reached: e-mail, phone and place, kept under the names that clients use; what else is there stays.
import { invalid } from '../http/errors'

export type Contact = Record<string, unknown>

/** Name in the contact data → how the forms call it. */
export const contactFields = [
  { key: 'email', name: 'contact_email', maxLength: 254 },
  { key: 'phoneNumber', name: 'contact_phone', maxLength: 64 },
  { key: 'location', name: 'contact_location', maxLength: 256 },
] as const

export type ContactValues = Record<(typeof contactFields)[number]['name'], string>

export const showContact = (contact: Contact): ContactValues =>
  Object.fromEntries(
    contactFields.map(({ key, name }) => [name, typeof contact[key] === 'string' ? contact[key] : '']),
  ) as ContactValues

/** What was typed, as it is kept; empty fields are taken out. Throws 400 naming the field. */
export const readContact = (values: Partial<Record<string, string>>, before: Contact = {}): Contact => {
  const contact = { ...before }
  for (const { key, name, maxLength } of contactFields) {
    const value = values[name]?.trim() ?? ''
    if (value.length > maxLength) throw invalid({ [name]: `At most ${maxLength} characters.` })
    if (key === 'email' && value && !/^[^\s@]+@[^\s@]+$/.test(value)) throw invalid({ [name]: 'Enter a valid e-mail address.' })
    if (value) contact[key] = value
    else delete contact[key]
  }
  return contact
}
