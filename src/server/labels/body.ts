// The shape of labels in request bodies.
import { t } from 'elysia'

/** Clients send whole labels back; what cannot be changed is ignored. */
const loose = { additionalProperties: true }

const attribute = t.Object(
  {
    id: t.Optional(t.Integer()),
    name: t.Optional(t.String({ minLength: 1, maxLength: 64 })),
    mutable: t.Optional(t.Boolean()),
    input_type: t.Optional(t.String()),
    default_value: t.Optional(t.String({ maxLength: 128 })),
    values: t.Optional(t.Array(t.Union([t.String(), t.Number(), t.Boolean()]), { maxItems: 10_000 })),
    deleted: t.Optional(t.Boolean()),
  },
  loose,
)

const fields = {
  id: t.Optional(t.Integer()),
  name: t.Optional(t.String({ minLength: 1, maxLength: 64 })),
  color: t.Optional(t.String()),
  type: t.Optional(t.String()),
  svg: t.Optional(t.String()),
  deleted: t.Optional(t.Boolean()),
  attributes: t.Optional(t.Array(attribute)),
}

export const labelBody = t.Object({ ...fields, sublabels: t.Optional(t.Array(t.Object(fields, loose))) }, loose)
export const storageBody = t.Optional(
  t.Nullable(t.Object({ location: t.Optional(t.String()), cloud_storage_id: t.Optional(t.Nullable(t.Integer())) })),
)
