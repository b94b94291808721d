CREATE TABLE `function_agents` (
	`id` integer PRIMARY KEY AUTOINCREMENT NOT NULL,
	`function_id` integer NOT NULL,
	`agent_id` text NOT NULL,
	`user_id` integer NOT NULL,
	`seen_date` integer NOT NULL,
	FOREIGN KEY (`function_id`) REFERENCES `functions`(`id`) ON UPDATE no action ON DELETE cascade,
	FOREIGN KEY (`user_id`) REFERENCES `users`(`id`) ON UPDATE no action ON DELETE cascade
);
--> statement-breakpoint
CREATE UNIQUE INDEX `function_agents_agent` ON `function_agents` (`function_id`,`agent_id`);--> statement-breakpoint
CREATE TABLE `function_requests` (
	`id` text PRIMARY KEY NOT NULL,
	`function_id` integer NOT NULL,
	`category` text NOT NULL,
	`type` text NOT NULL,
	`params` text NOT NULL,
	`status` text NOT NULL,
	`user_id` integer NOT NULL,
	`task_id` integer NOT NULL,
	`job_id` integer,
	`request_id` text,
	`is_awaited` integer DEFAULT false NOT NULL,
	`agent_id` text,
	`lease_date` integer,
	`attempts` integer DEFAULT 0 NOT NULL,
	`progress` real DEFAULT 0 NOT NULL,
	`error` text DEFAULT '' NOT NULL,
	`result` text,
	`created_date` integer NOT NULL,
	`started_date` integer,
	`finished_date` integer,
	FOREIGN KEY (`function_id`) REFERENCES `functions`(`id`) ON UPDATE no action ON DELETE cascade,
	FOREIGN KEY (`user_id`) REFERENCES `users`(`id`) ON UPDATE no action ON DELETE cascade,
	FOREIGN KEY (`task_id`) REFERENCES `tasks`(`id`) ON UPDATE no action ON DELETE cascade
);
--> statement-breakpoint
CREATE INDEX `function_requests_function` ON `function_requests` (`function_id`,`category`,`status`);--> statement-breakpoint
CREATE INDEX `function_requests_user` ON `function_requests` (`user_id`);--> statement-breakpoint
CREATE INDEX `function_requests_task` ON `function_requests` (`task_id`);--> statement-breakpoint
CREATE INDEX `function_requests_request` ON `function_requests` (`request_id`);--> statement-breakpoint
CREATE TABLE `function_versions` (
	`id` integer PRIMARY KEY AUTOINCREMENT NOT NULL,
	`function_key` text NOT NULL,
	`version` integer NOT NULL,
	`note` text DEFAULT '' NOT NULL,
	`detail` text NOT NULL,
	`user_id` integer,
	`created_date` integer NOT NULL,
	FOREIGN KEY (`user_id`) REFERENCES `users`(`id`) ON UPDATE no action ON DELETE set null
);
--> statement-breakpoint
CREATE UNIQUE INDEX `function_versions_version` ON `function_versions` (`function_key`,`version`);--> statement-breakpoint
CREATE TABLE `functions` (
	`id` integer PRIMARY KEY AUTOINCREMENT NOT NULL,
	`provider` text NOT NULL,
	`name` text NOT NULL,
	`description` text DEFAULT '' NOT NULL,
	`kind` text NOT NULL,
	`visibility` text DEFAULT 'private' NOT NULL,
	`owner_id` integer,
	`organization_id` integer,
	`spec` text NOT NULL,
	`url` text,
	`api_key` text,
	`version` integer DEFAULT 1 NOT NULL,
	`created_date` integer NOT NULL,
	`updated_date` integer NOT NULL,
	FOREIGN KEY (`owner_id`) REFERENCES `users`(`id`) ON UPDATE no action ON DELETE cascade,
	FOREIGN KEY (`organization_id`) REFERENCES `organizations`(`id`) ON UPDATE no action ON DELETE cascade
);
--> statement-breakpoint
CREATE INDEX `functions_owner` ON `functions` (`owner_id`);--> statement-breakpoint
CREATE INDEX `functions_organization` ON `functions` (`organization_id`);