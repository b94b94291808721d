CREATE TABLE `activity_days` (
	`key` text PRIMARY KEY NOT NULL,
	`start` integer NOT NULL,
	`org_id` integer,
	`project_id` integer,
	`task_id` integer,
	`job_id` integer,
	`user_id` integer,
	`working_ms` integer DEFAULT 0 NOT NULL,
	`frames` integer DEFAULT 0 NOT NULL,
	`saves` integer DEFAULT 0 NOT NULL,
	`created` integer DEFAULT 0 NOT NULL,
	`changed` integer DEFAULT 0 NOT NULL,
	`deleted` integer DEFAULT 0 NOT NULL,
	`state_changes` integer DEFAULT 0 NOT NULL,
	`stage_changes` integer DEFAULT 0 NOT NULL,
	`completed` integer DEFAULT 0 NOT NULL,
	`rejected` integer DEFAULT 0 NOT NULL,
	`issues_opened` integer DEFAULT 0 NOT NULL,
	`issues_resolved` integer DEFAULT 0 NOT NULL,
	`events` integer DEFAULT 0 NOT NULL
);
--> statement-breakpoint
CREATE INDEX `activity_days_start` ON `activity_days` (`start`);--> statement-breakpoint
CREATE INDEX `activity_days_project` ON `activity_days` (`project_id`,`start`);--> statement-breakpoint
CREATE INDEX `activity_days_task` ON `activity_days` (`task_id`,`start`);--> statement-breakpoint
CREATE INDEX `activity_days_job` ON `activity_days` (`job_id`,`start`);--> statement-breakpoint
CREATE INDEX `activity_days_org` ON `activity_days` (`org_id`,`start`);--> statement-breakpoint
CREATE INDEX `activity_days_user` ON `activity_days` (`user_id`,`start`);--> statement-breakpoint
CREATE TABLE `activity_hours` (
	`key` text PRIMARY KEY NOT NULL,
	`start` integer NOT NULL,
	`org_id` integer,
	`project_id` integer,
	`task_id` integer,
	`job_id` integer,
	`user_id` integer,
	`working_ms` integer DEFAULT 0 NOT NULL,
	`frames` integer DEFAULT 0 NOT NULL,
	`saves` integer DEFAULT 0 NOT NULL,
	`created` integer DEFAULT 0 NOT NULL,
	`changed` integer DEFAULT 0 NOT NULL,
	`deleted` integer DEFAULT 0 NOT NULL,
	`state_changes` integer DEFAULT 0 NOT NULL,
	`stage_changes` integer DEFAULT 0 NOT NULL,
	`completed` integer DEFAULT 0 NOT NULL,
	`rejected` integer DEFAULT 0 NOT NULL,
	`issues_opened` integer DEFAULT 0 NOT NULL,
	`issues_resolved` integer DEFAULT 0 NOT NULL,
	`events` integer DEFAULT 0 NOT NULL
);
--> statement-breakpoint
CREATE INDEX `activity_hours_start` ON `activity_hours` (`start`);--> statement-breakpoint
CREATE INDEX `activity_hours_project` ON `activity_hours` (`project_id`,`start`);--> statement-breakpoint
CREATE INDEX `activity_hours_task` ON `activity_hours` (`task_id`,`start`);--> statement-breakpoint
CREATE INDEX `activity_hours_job` ON `activity_hours` (`job_id`,`start`);--> statement-breakpoint
CREATE INDEX `activity_hours_org` ON `activity_hours` (`org_id`,`start`);--> statement-breakpoint
CREATE INDEX `activity_hours_user` ON `activity_hours` (`user_id`,`start`);--> statement-breakpoint
CREATE TABLE `event_cursors` (
	`name` text PRIMARY KEY NOT NULL,
	`last_id` integer DEFAULT 0 NOT NULL,
	`sending_id` integer
);
--> statement-breakpoint
CREATE TABLE `event_log` (
	`id` integer PRIMARY KEY AUTOINCREMENT NOT NULL,
	`outbox_id` integer,
	`scope` text NOT NULL,
	`obj_name` text,
	`obj_id` text,
	`obj_val` text,
	`source` text NOT NULL,
	`timestamp` integer NOT NULL,
	`kept_date` integer NOT NULL,
	`count` integer,
	`duration` integer,
	`org_id` integer,
	`project_id` integer,
	`task_id` integer,
	`job_id` integer,
	`user_id` integer,
	`user_name` text,
	`user_email` text,
	`org_slug` text,
	`payload` text,
	`is_counted` integer DEFAULT true NOT NULL
);
--> statement-breakpoint
CREATE UNIQUE INDEX `event_log_outbox` ON `event_log` (`outbox_id`,`timestamp`);--> statement-breakpoint
CREATE INDEX `event_log_time` ON `event_log` (`timestamp`);--> statement-breakpoint
CREATE INDEX `event_log_project` ON `event_log` (`project_id`,`timestamp`);--> statement-breakpoint
CREATE INDEX `event_log_task` ON `event_log` (`task_id`,`timestamp`);--> statement-breakpoint
CREATE INDEX `event_log_job` ON `event_log` (`job_id`,`timestamp`);--> statement-breakpoint
CREATE INDEX `event_log_org` ON `event_log` (`org_id`,`timestamp`);--> statement-breakpoint
CREATE INDEX `event_log_user` ON `event_log` (`user_id`,`timestamp`);--> statement-breakpoint
CREATE TABLE `job_moves` (
	`event_id` integer PRIMARY KEY NOT NULL,
	`time` integer NOT NULL,
	`field` text NOT NULL,
	`before` text NOT NULL,
	`after` text NOT NULL,
	`org_id` integer,
	`project_id` integer,
	`task_id` integer,
	`job_id` integer,
	`user_id` integer
);
--> statement-breakpoint
CREATE INDEX `job_moves_time` ON `job_moves` (`time`);--> statement-breakpoint
CREATE INDEX `job_moves_project` ON `job_moves` (`project_id`);--> statement-breakpoint
CREATE INDEX `job_moves_task` ON `job_moves` (`task_id`);--> statement-breakpoint
CREATE INDEX `job_moves_job` ON `job_moves` (`job_id`);--> statement-breakpoint
CREATE INDEX `job_moves_org` ON `job_moves` (`org_id`);