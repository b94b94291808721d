// Invitations, issues, comments, guides and webhooks out of a dump.
import { guides } from '../guides/schema'
import { invitations } from '../invitations/schema'
import { comments, issues } from '../issues/schema'
import { type WebhookType, webhookDeliveries, webhooks } from '../webhooks/schema'
import { type Dump, readTime, readTimeOrNull } from './dump'
import { rowsOf, type TableRows } from './rows'

const readInvitations = (dump: Dump): TableRows =>
  rowsOf(
    invitations,
    dump.take('organizations.invitation').map(({ key, fields }) => ({
      key,
      createdDate: readTime(fields.created_date),
      sentDate: readTimeOrNull(fields.sent_date),
      ownerId: dump.person(fields.owner),
      membershipId: fields.membership as number,
    })),
  )

const readIssues = (dump: Dump): TableRows[] => [
  rowsOf(
    issues,
    dump.take('engine.issue').map(({ id, fields }) => ({
      id,
      jobId: fields.job as number,
      frame: fields.frame as number,
      position: (String(fields.position).match(/-?\d[\d.]*(e[+-]?\d+)?/gi) ?? []).map(Number),
      ownerId: dump.person(fields.owner),
      assigneeId: dump.person(fields.assignee),
      resolved: fields.resolved as boolean,
      createdDate: readTime(fields.created_date),
      updatedDate: readTime(fields.updated_date ?? fields.created_date),
    })),
  ),
  rowsOf(
    comments,
    dump.take('engine.comment').map(({ id, fields }) => ({
      id,
      issueId: fields.issue as number,
      ownerId: dump.person(fields.owner),
      message: fields.message as string,
      createdDate: readTime(fields.created_date),
      updatedDate: readTime(fields.updated_date),
    })),
  ),
]

const readGuides = (dump: Dump): TableRows =>
  rowsOf(
    guides,
    dump.take('engine.annotationguide').map(({ id, fields }) => ({
      id,
      taskId: (fields.task ?? null) as number | null,
      projectId: (fields.project ?? null) as number | null,
      markdown: fields.markdown as string,
      createdDate: readTime(fields.created_date),
      updatedDate: readTime(fields.updated_date),
    })),
  )

const readWebhooks = (dump: Dump): TableRows[] => [
  rowsOf(
    webhooks,
    dump.take('webhooks.webhook').map(({ id, fields }) => ({
      id,
      type: fields.type as WebhookType,
      targetUrl: fields.target_url as string,
      description: fields.description as string,
      secret: fields.secret as string,
      contentType: fields.content_type as string,
      isActive: fields.is_active as boolean,
      enableSsl: fields.enable_ssl as boolean,
      events: String(fields.events).split(',').filter(Boolean),
      ownerId: dump.person(fields.owner),
      organizationId: fields.organization as number | null,
      projectId: fields.project as number | null,
      createdDate: readTime(fields.created_date),
      updatedDate: readTime(fields.updated_date),
    })),
  ),
  rowsOf(
    webhookDeliveries,
    dump.take('webhooks.webhookdelivery').map(({ id, fields }) => ({
      id,
      webhookId: fields.webhook as number,
      event: fields.event as string,
      // What did not get through there is not sent again from here.
      state: fields.status_code !== null && fields.status_code < 400 ? ('sent' as const) : ('failed' as const),
      statusCode: fields.status_code as number | null,
      redelivery: fields.redelivery as boolean,
      attempt: 1,
      changedFields: fields.changed_fields as string,
      request: fields.request as Record<string, unknown>,
      response: fields.response as string,
      createdDate: readTime(fields.created_date),
      updatedDate: readTime(fields.updated_date),
    })),
  ),
]

export const readReviews = (dump: Dump): TableRows[] => [
  readInvitations(dump),
  ...readIssues(dump),
  readGuides(dump),
  ...readWebhooks(dump),
]
