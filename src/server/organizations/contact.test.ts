// Contact data of organizations: what forms show of it and what they make of it.
import { expect, test } from 'bun:test'
import { readContact, showContact } from './contact'

const typed = { contact_email: ' us@example.com ', contact_phone: '+49 30 1', contact_location: '' }

test('what is typed is kept under the names that clients use; what they keep beside it stays', () => {
  const before = { location: 'Bonn', fax: '12' }
  expect(readContact(typed, before)).toEqual({ email: 'us@example.com', phoneNumber: '+49 30 1', fax: '12' })
  expect(before).toEqual({ location: 'Bonn', fax: '12' })
})

test('what a client wrote is shown when it is text', () =>
  expect(showContact({ email: 'a@b', phoneNumber: 12, location: 'Bonn' })).toEqual({
    contact_email: 'a@b',
    contact_phone: '',
    contact_location: 'Bonn',
  }))

test('a wrong address and a long place are refused by name', () => {
  expect(() => readContact({ contact_email: 'nobody' })).toThrow(
    expect.objectContaining({ body: { contact_email: ['Enter a valid e-mail address.'] } }),
  )
  expect(() => readContact({ contact_location: 'x'.repeat(257) })).toThrow(expect.objectContaining({ status: 400 }))
})
