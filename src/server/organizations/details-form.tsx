// The fields of an organization that its maintainers write: name, description, how it is reached. For the new one and for its page.
import { AreaField, TextField } from '../../web/ui/form'
import type { ContactValues } from './contact'

export type DetailValues = ContactValues & { name: string; description: string }
export const noDetails: DetailValues = {
  name: '',
  description: '',
  contact_email: '',
  contact_phone: '',
  contact_location: '',
}

type Props = { values: DetailValues; problems?: Record<string, string>; canEdit?: boolean }

export const DetailFields = ({ values, problems = {}, canEdit = true }: Props): JSX.Element => {
  const shared = (name: keyof DetailValues) => ({ name, value: values[name], problem: problems[name], disabled: !canEdit })
  return (
    <>
      <TextField label="Name" {...shared('name')} maxlength={64} testid="org-name" />
      <AreaField label="Description" {...shared('description')} testid="org-description" />
      <div class="grid grid-cols-2 gap-4 max-md:grid-cols-1">
        <TextField label="E-mail" {...shared('contact_email')} type="email" maxlength={254} testid="org-email" />
        <TextField label="Phone" {...shared('contact_phone')} type="tel" maxlength={64} testid="org-phone" />
      </div>
      <TextField label="Place" {...shared('contact_location')} maxlength={256} testid="org-location" />
    </>
  )
}

/** What was typed into the form. */
export const readDetails = (fields: Record<string, string[] | undefined>): DetailValues =>
  Object.fromEntries(Object.keys(noDetails).map((name) => [name, fields[name]?.[0] ?? ''])) as DetailValues
