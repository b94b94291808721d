DROP INDEX "events_time";--> statement-breakpoint
DROP INDEX "events_project";--> statement-breakpoint
DROP INDEX "events_task";--> statement-breakpoint
DROP INDEX "events_job";--> statement-breakpoint
DROP INDEX "events_org";--> statement-breakpoint
DROP INDEX "events_user";