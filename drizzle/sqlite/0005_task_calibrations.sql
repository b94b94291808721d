CREATE TABLE `task_calibrations` (
	`id` integer PRIMARY KEY AUTOINCREMENT NOT NULL,
	`task_id` integer NOT NULL,
	`file` text NOT NULL,
	`names` text NOT NULL,
	`updated_date` integer NOT NULL,
	FOREIGN KEY (`task_id`) REFERENCES `tasks`(`id`) ON UPDATE no action ON DELETE cascade
);
--> statement-breakpoint
CREATE UNIQUE INDEX `task_calibrations_task` ON `task_calibrations` (`task_id`);