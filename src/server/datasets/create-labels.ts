// Makes the labels that an import needs and the task or project does not have.
import type { DeclaredLabel } from '../../formats/format'
import type { InspectionReport } from '../../formats/inspect/inspect'
import { actAs } from '../auth/service'
import { tx } from '../db/open'
import { applyLabels, type LabelInput, type LabelTree, labelsOf, type Parent } from '../labels/service'
import { findAsker, type RequestRow } from '../requests/service'

const toInput = ({ name, type, color, svg, attributes = [], sublabels }: DeclaredLabel): LabelInput => ({
  name,
  type,
  ...(color && { color }),
  ...(svg && { svg }),
  attributes,
  ...(sublabels && { sublabels: sublabels.map(toInput) }),
})

/** The labels that a report offers and the request wants. */
export const chooseOffers = (report: InspectionReport, wanted: boolean | string[]): DeclaredLabel[] =>
  report.labels.unmatched
    .filter(({ name }) => wanted === true || (Array.isArray(wanted) && wanted.includes(name)))
    .map(({ offer }) => offer)

/** Adds them in the name of the person who asked for the import; answers all labels that are there then. */
export const createLabels = async (row: RequestRow, parent: Parent, offers: DeclaredLabel[]): Promise<LabelTree[]> => {
  const asker = offers.length ? await findAsker(row) : null
  if (asker) {
    const who = { ...(await actAs(asker.user)), ...asker }
    await tx((t) => applyLabels(t, parent, offers.map(toInput), { who, now: new Date(), organizationId: row.orgId }))
  }
  return labelsOf(parent)
}
