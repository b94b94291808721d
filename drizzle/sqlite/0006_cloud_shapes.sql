CREATE TABLE `cloud_revisions` (
	`job_id` integer PRIMARY KEY NOT NULL,
	`revision` integer DEFAULT 0 NOT NULL,
	FOREIGN KEY (`job_id`) REFERENCES `jobs`(`id`) ON UPDATE no action ON DELETE cascade
);
--> statement-breakpoint
CREATE TABLE `cloud_segments` (
	`id` integer PRIMARY KEY AUTOINCREMENT NOT NULL,
	`job_id` integer NOT NULL,
	`frame` integer NOT NULL,
	`label_id` integer NOT NULL,
	`instance` integer DEFAULT 0 NOT NULL,
	`points` integer NOT NULL,
	`runs` blob NOT NULL,
	FOREIGN KEY (`job_id`) REFERENCES `jobs`(`id`) ON UPDATE no action ON DELETE cascade,
	FOREIGN KEY (`label_id`) REFERENCES `labels`(`id`) ON UPDATE no action ON DELETE cascade
);
--> statement-breakpoint
CREATE UNIQUE INDEX `cloud_segments_job` ON `cloud_segments` (`job_id`,`frame`,`label_id`,`instance`);--> statement-breakpoint
CREATE INDEX `cloud_segments_label` ON `cloud_segments` (`label_id`);--> statement-breakpoint
CREATE TABLE `cloud_shapes` (
	`id` integer PRIMARY KEY AUTOINCREMENT NOT NULL,
	`job_id` integer NOT NULL,
	`frame` integer NOT NULL,
	`label_id` integer NOT NULL,
	`uid` text NOT NULL,
	`type` text NOT NULL,
	`points` text NOT NULL,
	`attributes` text DEFAULT '[]' NOT NULL,
	FOREIGN KEY (`job_id`) REFERENCES `jobs`(`id`) ON UPDATE no action ON DELETE cascade,
	FOREIGN KEY (`label_id`) REFERENCES `labels`(`id`) ON UPDATE no action ON DELETE cascade
);
--> statement-breakpoint
CREATE UNIQUE INDEX `cloud_shapes_uid` ON `cloud_shapes` (`job_id`,`uid`);--> statement-breakpoint
CREATE INDEX `cloud_shapes_job` ON `cloud_shapes` (`job_id`,`frame`);--> statement-breakpoint
CREATE INDEX `cloud_shapes_label` ON `cloud_shapes` (`label_id`);