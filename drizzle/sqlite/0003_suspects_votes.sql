CREATE TABLE `consensus_votes` (
	`id` integer PRIMARY KEY AUTOINCREMENT NOT NULL,
	`job_id` integer NOT NULL,
	`kind` text NOT NULL,
	`object_id` integer NOT NULL,
	`frame` integer NOT NULL,
	`label_id` integer NOT NULL,
	`score` real NOT NULL,
	`votes` integer NOT NULL,
	`replicas` integer NOT NULL,
	`labels` text NOT NULL,
	FOREIGN KEY (`job_id`) REFERENCES `jobs`(`id`) ON UPDATE no action ON DELETE cascade
);
--> statement-breakpoint
CREATE UNIQUE INDEX `consensus_votes_object` ON `consensus_votes` (`job_id`,`kind`,`object_id`);--> statement-breakpoint
CREATE TABLE `suspect_runs` (
	`task_id` integer PRIMARY KEY NOT NULL,
	`ran_date` integer NOT NULL,
	`objects` integer NOT NULL,
	`is_project_wide` integer DEFAULT false NOT NULL,
	FOREIGN KEY (`task_id`) REFERENCES `tasks`(`id`) ON UPDATE no action ON DELETE cascade
);
--> statement-breakpoint
CREATE TABLE `suspects` (
	`id` integer PRIMARY KEY AUTOINCREMENT NOT NULL,
	`task_id` integer NOT NULL,
	`job_id` integer NOT NULL,
	`kind` text NOT NULL,
	`object_id` integer NOT NULL,
	`label_id` integer NOT NULL,
	`frame` integer NOT NULL,
	`reason` text NOT NULL,
	`score` real NOT NULL,
	`details` text NOT NULL,
	`fingerprint` text NOT NULL,
	`status` text DEFAULT 'open' NOT NULL,
	`decided_by` integer,
	`decided_date` integer,
	`found_date` integer NOT NULL,
	FOREIGN KEY (`task_id`) REFERENCES `tasks`(`id`) ON UPDATE no action ON DELETE cascade,
	FOREIGN KEY (`job_id`) REFERENCES `jobs`(`id`) ON UPDATE no action ON DELETE cascade,
	FOREIGN KEY (`label_id`) REFERENCES `labels`(`id`) ON UPDATE no action ON DELETE cascade,
	FOREIGN KEY (`decided_by`) REFERENCES `users`(`id`) ON UPDATE no action ON DELETE set null
);
--> statement-breakpoint
CREATE UNIQUE INDEX `suspects_object` ON `suspects` (`job_id`,`kind`,`object_id`,`reason`);--> statement-breakpoint
CREATE INDEX `suspects_task` ON `suspects` (`task_id`,`status`,`score`);--> statement-breakpoint
CREATE INDEX `suspects_label` ON `suspects` (`label_id`);