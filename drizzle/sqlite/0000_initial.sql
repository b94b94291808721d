CREATE TABLE `access_tokens` (
	`id` integer PRIMARY KEY AUTOINCREMENT NOT NULL,
	`user_id` integer NOT NULL,
	`name` text NOT NULL,
	`hash` text NOT NULL,
	`read_only` integer DEFAULT false NOT NULL,
	`created_date` integer NOT NULL,
	`updated_date` integer NOT NULL,
	`expiry_date` integer,
	`last_used_date` integer,
	FOREIGN KEY (`user_id`) REFERENCES `users`(`id`) ON UPDATE no action ON DELETE cascade
);
--> statement-breakpoint
CREATE UNIQUE INDEX `access_tokens_hash` ON `access_tokens` (`hash`);--> statement-breakpoint
CREATE INDEX `access_tokens_user` ON `access_tokens` (`user_id`);--> statement-breakpoint
CREATE TABLE `api_tokens` (
	`hash` text PRIMARY KEY NOT NULL,
	`user_id` integer NOT NULL,
	`created_at` integer NOT NULL,
	FOREIGN KEY (`user_id`) REFERENCES `users`(`id`) ON UPDATE no action ON DELETE cascade
);
--> statement-breakpoint
CREATE INDEX `api_tokens_user` ON `api_tokens` (`user_id`);--> statement-breakpoint
CREATE TABLE `assets` (
	`uuid` text PRIMARY KEY NOT NULL,
	`guide_id` integer NOT NULL,
	`owner_id` integer,
	`filename` text NOT NULL,
	`bytes` integer NOT NULL,
	`created_date` integer NOT NULL,
	FOREIGN KEY (`guide_id`) REFERENCES `guides`(`id`) ON UPDATE no action ON DELETE cascade,
	FOREIGN KEY (`owner_id`) REFERENCES `users`(`id`) ON UPDATE no action ON DELETE set null
);
--> statement-breakpoint
CREATE INDEX `assets_guide` ON `assets` (`guide_id`);--> statement-breakpoint
CREATE INDEX `assets_owner` ON `assets` (`owner_id`);--> statement-breakpoint
CREATE TABLE `attributes` (
	`id` integer PRIMARY KEY AUTOINCREMENT NOT NULL,
	`label_id` integer NOT NULL,
	`name` text NOT NULL,
	`mutable` integer NOT NULL,
	`input_type` text NOT NULL,
	`default_value` text NOT NULL,
	`values` text NOT NULL,
	FOREIGN KEY (`label_id`) REFERENCES `labels`(`id`) ON UPDATE no action ON DELETE cascade
);
--> statement-breakpoint
CREATE INDEX `attributes_label` ON `attributes` (`label_id`);--> statement-breakpoint
CREATE TABLE `cloud_storages` (
	`id` integer PRIMARY KEY AUTOINCREMENT NOT NULL,
	`provider_type` text NOT NULL,
	`resource` text NOT NULL,
	`display_name` text NOT NULL,
	`credentials_type` text NOT NULL,
	`credentials` text NOT NULL,
	`specific_attributes` text DEFAULT '' NOT NULL,
	`description` text DEFAULT '' NOT NULL,
	`manifests` text NOT NULL,
	`owner_id` integer,
	`organization_id` integer,
	`created_date` integer NOT NULL,
	`updated_date` integer NOT NULL,
	FOREIGN KEY (`owner_id`) REFERENCES `users`(`id`) ON UPDATE no action ON DELETE set null,
	FOREIGN KEY (`organization_id`) REFERENCES `organizations`(`id`) ON UPDATE no action ON DELETE cascade
);
--> statement-breakpoint
CREATE INDEX `cloud_storages_owner` ON `cloud_storages` (`owner_id`);--> statement-breakpoint
CREATE INDEX `cloud_storages_org` ON `cloud_storages` (`organization_id`);--> statement-breakpoint
CREATE TABLE `comments` (
	`id` integer PRIMARY KEY AUTOINCREMENT NOT NULL,
	`issue_id` integer NOT NULL,
	`owner_id` integer,
	`message` text NOT NULL,
	`created_date` integer NOT NULL,
	`updated_date` integer NOT NULL,
	FOREIGN KEY (`issue_id`) REFERENCES `issues`(`id`) ON UPDATE no action ON DELETE cascade,
	FOREIGN KEY (`owner_id`) REFERENCES `users`(`id`) ON UPDATE no action ON DELETE set null
);
--> statement-breakpoint
CREATE INDEX `comments_issue` ON `comments` (`issue_id`);--> statement-breakpoint
CREATE INDEX `comments_owner` ON `comments` (`owner_id`);--> statement-breakpoint
CREATE TABLE `consensus_settings` (
	`id` integer PRIMARY KEY AUTOINCREMENT NOT NULL,
	`task_id` integer NOT NULL,
	`quorum` real DEFAULT 0.5 NOT NULL,
	`iou_threshold` real DEFAULT 0.4 NOT NULL,
	FOREIGN KEY (`task_id`) REFERENCES `tasks`(`id`) ON UPDATE no action ON DELETE cascade
);
--> statement-breakpoint
CREATE UNIQUE INDEX `consensus_settings_task` ON `consensus_settings` (`task_id`);--> statement-breakpoint
CREATE TABLE `events` (
	`id` integer PRIMARY KEY AUTOINCREMENT NOT NULL,
	`scope` text NOT NULL,
	`obj_name` text,
	`obj_id` text,
	`obj_val` text,
	`source` text NOT NULL,
	`timestamp` integer NOT NULL,
	`count` integer,
	`duration` integer,
	`project_id` integer,
	`task_id` integer,
	`job_id` integer,
	`user_id` integer,
	`user_name` text,
	`user_email` text,
	`org_id` integer,
	`org_slug` text,
	`payload` text
);
--> statement-breakpoint
CREATE INDEX `events_time` ON `events` (`timestamp`);--> statement-breakpoint
CREATE INDEX `events_project` ON `events` (`project_id`);--> statement-breakpoint
CREATE INDEX `events_task` ON `events` (`task_id`);--> statement-breakpoint
CREATE INDEX `events_job` ON `events` (`job_id`);--> statement-breakpoint
CREATE INDEX `events_org` ON `events` (`org_id`);--> statement-breakpoint
CREATE INDEX `events_user` ON `events` (`user_id`);--> statement-breakpoint
CREATE TABLE `frames` (
	`id` integer PRIMARY KEY AUTOINCREMENT NOT NULL,
	`task_id` integer NOT NULL,
	`number` integer NOT NULL,
	`name` text NOT NULL,
	`file` text NOT NULL,
	`width` integer NOT NULL,
	`height` integer NOT NULL,
	`real_frame` integer,
	FOREIGN KEY (`task_id`) REFERENCES `tasks`(`id`) ON UPDATE no action ON DELETE cascade
);
--> statement-breakpoint
CREATE UNIQUE INDEX `frames_task_number` ON `frames` (`task_id`,`number`);--> statement-breakpoint
CREATE TABLE `growth` (
	`id` integer PRIMARY KEY AUTOINCREMENT NOT NULL,
	`user_id` integer NOT NULL,
	`github_prompt_shown` integer DEFAULT false NOT NULL,
	`github_prompt_support_clicked` integer DEFAULT false NOT NULL,
	`promotion_notifications_allowed` integer DEFAULT false NOT NULL,
	FOREIGN KEY (`user_id`) REFERENCES `users`(`id`) ON UPDATE no action ON DELETE cascade
);
--> statement-breakpoint
CREATE UNIQUE INDEX `growth_user` ON `growth` (`user_id`);--> statement-breakpoint
CREATE TABLE `guides` (
	`id` integer PRIMARY KEY AUTOINCREMENT NOT NULL,
	`task_id` integer,
	`project_id` integer,
	`markdown` text DEFAULT '' NOT NULL,
	`created_date` integer NOT NULL,
	`updated_date` integer NOT NULL,
	FOREIGN KEY (`task_id`) REFERENCES `tasks`(`id`) ON UPDATE no action ON DELETE cascade,
	FOREIGN KEY (`project_id`) REFERENCES `projects`(`id`) ON UPDATE no action ON DELETE cascade
);
--> statement-breakpoint
CREATE UNIQUE INDEX `guides_task` ON `guides` (`task_id`);--> statement-breakpoint
CREATE UNIQUE INDEX `guides_project` ON `guides` (`project_id`);--> statement-breakpoint
CREATE TABLE `identities` (
	`id` integer PRIMARY KEY AUTOINCREMENT NOT NULL,
	`user_id` integer NOT NULL,
	`provider` text NOT NULL,
	`subject` text NOT NULL,
	`created_date` integer NOT NULL,
	FOREIGN KEY (`user_id`) REFERENCES `users`(`id`) ON UPDATE no action ON DELETE cascade
);
--> statement-breakpoint
CREATE UNIQUE INDEX `identities_subject` ON `identities` (`provider`,`subject`);--> statement-breakpoint
CREATE INDEX `identities_user` ON `identities` (`user_id`);--> statement-breakpoint
CREATE TABLE `invitations` (
	`key` text PRIMARY KEY NOT NULL,
	`created_date` integer NOT NULL,
	`sent_date` integer,
	`owner_id` integer,
	`membership_id` integer NOT NULL,
	FOREIGN KEY (`owner_id`) REFERENCES `users`(`id`) ON UPDATE no action ON DELETE set null,
	FOREIGN KEY (`membership_id`) REFERENCES `memberships`(`id`) ON UPDATE no action ON DELETE cascade
);
--> statement-breakpoint
CREATE UNIQUE INDEX `invitations_membership` ON `invitations` (`membership_id`);--> statement-breakpoint
CREATE INDEX `invitations_created` ON `invitations` (`created_date`);--> statement-breakpoint
CREATE TABLE `issues` (
	`id` integer PRIMARY KEY AUTOINCREMENT NOT NULL,
	`job_id` integer NOT NULL,
	`frame` integer NOT NULL,
	`position` text NOT NULL,
	`owner_id` integer,
	`assignee_id` integer,
	`resolved` integer DEFAULT false NOT NULL,
	`created_date` integer NOT NULL,
	`updated_date` integer NOT NULL,
	FOREIGN KEY (`job_id`) REFERENCES `jobs`(`id`) ON UPDATE no action ON DELETE cascade,
	FOREIGN KEY (`owner_id`) REFERENCES `users`(`id`) ON UPDATE no action ON DELETE set null,
	FOREIGN KEY (`assignee_id`) REFERENCES `users`(`id`) ON UPDATE no action ON DELETE set null
);
--> statement-breakpoint
CREATE INDEX `issues_job` ON `issues` (`job_id`,`frame`);--> statement-breakpoint
CREATE INDEX `issues_owner` ON `issues` (`owner_id`);--> statement-breakpoint
CREATE INDEX `issues_assignee` ON `issues` (`assignee_id`);--> statement-breakpoint
CREATE TABLE `job_validations` (
	`id` integer PRIMARY KEY AUTOINCREMENT NOT NULL,
	`job_id` integer NOT NULL,
	`user_id` integer,
	`created_date` integer NOT NULL,
	`score` real NOT NULL,
	`is_passed` integer NOT NULL,
	FOREIGN KEY (`job_id`) REFERENCES `jobs`(`id`) ON UPDATE no action ON DELETE cascade,
	FOREIGN KEY (`user_id`) REFERENCES `users`(`id`) ON UPDATE no action ON DELETE set null
);
--> statement-breakpoint
CREATE INDEX `job_validations_job` ON `job_validations` (`job_id`);--> statement-breakpoint
CREATE TABLE `jobs` (
	`id` integer PRIMARY KEY AUTOINCREMENT NOT NULL,
	`task_id` integer NOT NULL,
	`type` text DEFAULT 'annotation' NOT NULL,
	`start_frame` integer NOT NULL,
	`stop_frame` integer NOT NULL,
	`frames` text,
	`parent_job_id` integer,
	`assignee_id` integer,
	`assignee_updated_date` integer,
	`stage` text DEFAULT 'annotation' NOT NULL,
	`status` text DEFAULT 'annotation' NOT NULL,
	`state` text DEFAULT 'new' NOT NULL,
	`revision` integer DEFAULT 0 NOT NULL,
	`created_date` integer NOT NULL,
	`updated_date` integer NOT NULL,
	FOREIGN KEY (`task_id`) REFERENCES `tasks`(`id`) ON UPDATE no action ON DELETE cascade,
	FOREIGN KEY (`parent_job_id`) REFERENCES `jobs`(`id`) ON UPDATE no action ON DELETE cascade,
	FOREIGN KEY (`assignee_id`) REFERENCES `users`(`id`) ON UPDATE no action ON DELETE set null
);
--> statement-breakpoint
CREATE INDEX `jobs_task` ON `jobs` (`task_id`);--> statement-breakpoint
CREATE INDEX `jobs_assignee` ON `jobs` (`assignee_id`);--> statement-breakpoint
CREATE INDEX `jobs_parent` ON `jobs` (`parent_job_id`);--> statement-breakpoint
CREATE TABLE `kept_rows` (
	`id` integer PRIMARY KEY AUTOINCREMENT NOT NULL,
	`model` text NOT NULL,
	`key` text NOT NULL,
	`fields` text NOT NULL
);
--> statement-breakpoint
CREATE INDEX `kept_rows_model` ON `kept_rows` (`model`);--> statement-breakpoint
CREATE TABLE `labels` (
	`id` integer PRIMARY KEY AUTOINCREMENT NOT NULL,
	`task_id` integer,
	`project_id` integer,
	`parent_id` integer,
	`name` text NOT NULL,
	`color` text NOT NULL,
	`type` text DEFAULT 'any' NOT NULL,
	`svg` text DEFAULT '' NOT NULL,
	FOREIGN KEY (`task_id`) REFERENCES `tasks`(`id`) ON UPDATE no action ON DELETE cascade,
	FOREIGN KEY (`project_id`) REFERENCES `projects`(`id`) ON UPDATE no action ON DELETE cascade,
	FOREIGN KEY (`parent_id`) REFERENCES `labels`(`id`) ON UPDATE no action ON DELETE cascade
);
--> statement-breakpoint
CREATE INDEX `labels_task` ON `labels` (`task_id`);--> statement-breakpoint
CREATE INDEX `labels_project` ON `labels` (`project_id`);--> statement-breakpoint
CREATE INDEX `labels_parent` ON `labels` (`parent_id`);--> statement-breakpoint
CREATE TABLE `last_saves` (
	`job_id` integer PRIMARY KEY NOT NULL,
	`save_id` text NOT NULL,
	`revision` integer NOT NULL,
	`answer` text NOT NULL,
	FOREIGN KEY (`job_id`) REFERENCES `jobs`(`id`) ON UPDATE no action ON DELETE cascade
);
--> statement-breakpoint
CREATE TABLE `mail_tokens` (
	`hash` text PRIMARY KEY NOT NULL,
	`user_id` integer NOT NULL,
	`purpose` text NOT NULL,
	`email` text NOT NULL,
	`expires_at` integer NOT NULL,
	FOREIGN KEY (`user_id`) REFERENCES `users`(`id`) ON UPDATE no action ON DELETE cascade
);
--> statement-breakpoint
CREATE INDEX `mail_tokens_user` ON `mail_tokens` (`user_id`);--> statement-breakpoint
CREATE TABLE `memberships` (
	`id` integer PRIMARY KEY AUTOINCREMENT NOT NULL,
	`user_id` integer NOT NULL,
	`organization_id` integer NOT NULL,
	`role` text NOT NULL,
	`is_active` integer DEFAULT true NOT NULL,
	`joined_date` integer,
	FOREIGN KEY (`user_id`) REFERENCES `users`(`id`) ON UPDATE no action ON DELETE cascade,
	FOREIGN KEY (`organization_id`) REFERENCES `organizations`(`id`) ON UPDATE no action ON DELETE cascade
);
--> statement-breakpoint
CREATE UNIQUE INDEX `memberships_user_org` ON `memberships` (`user_id`,`organization_id`);--> statement-breakpoint
CREATE INDEX `memberships_org` ON `memberships` (`organization_id`);--> statement-breakpoint
CREATE TABLE `organizations` (
	`id` integer PRIMARY KEY AUTOINCREMENT NOT NULL,
	`slug` text NOT NULL,
	`name` text DEFAULT '' NOT NULL,
	`description` text DEFAULT '' NOT NULL,
	`contact` text NOT NULL,
	`owner_id` integer,
	`created_date` integer NOT NULL,
	`updated_date` integer NOT NULL,
	FOREIGN KEY (`owner_id`) REFERENCES `users`(`id`) ON UPDATE no action ON DELETE set null
);
--> statement-breakpoint
CREATE UNIQUE INDEX `organizations_slug` ON `organizations` (`slug`);--> statement-breakpoint
CREATE TABLE `projects` (
	`id` integer PRIMARY KEY AUTOINCREMENT NOT NULL,
	`name` text NOT NULL,
	`owner_id` integer,
	`assignee_id` integer,
	`assignee_updated_date` integer,
	`organization_id` integer,
	`bug_tracker` text DEFAULT '' NOT NULL,
	`status` text DEFAULT 'annotation' NOT NULL,
	`source_storage` text,
	`target_storage` text,
	`created_date` integer NOT NULL,
	`updated_date` integer NOT NULL,
	FOREIGN KEY (`owner_id`) REFERENCES `users`(`id`) ON UPDATE no action ON DELETE set null,
	FOREIGN KEY (`assignee_id`) REFERENCES `users`(`id`) ON UPDATE no action ON DELETE set null,
	FOREIGN KEY (`organization_id`) REFERENCES `organizations`(`id`) ON UPDATE no action ON DELETE cascade
);
--> statement-breakpoint
CREATE INDEX `projects_owner` ON `projects` (`owner_id`);--> statement-breakpoint
CREATE INDEX `projects_assignee` ON `projects` (`assignee_id`);--> statement-breakpoint
CREATE INDEX `projects_org` ON `projects` (`organization_id`);--> statement-breakpoint
CREATE TABLE `quality_conflicts` (
	`id` integer PRIMARY KEY AUTOINCREMENT NOT NULL,
	`report_id` integer NOT NULL,
	`frame` integer NOT NULL,
	`type` text NOT NULL,
	`severity` text NOT NULL,
	`annotations` text NOT NULL,
	`attribute_names` text NOT NULL,
	FOREIGN KEY (`report_id`) REFERENCES `quality_reports`(`id`) ON UPDATE no action ON DELETE cascade
);
--> statement-breakpoint
CREATE INDEX `quality_conflicts_report` ON `quality_conflicts` (`report_id`);--> statement-breakpoint
CREATE TABLE `quality_report_parents` (
	`id` integer PRIMARY KEY AUTOINCREMENT NOT NULL,
	`parent_id` integer NOT NULL,
	`child_id` integer NOT NULL,
	FOREIGN KEY (`parent_id`) REFERENCES `quality_reports`(`id`) ON UPDATE no action ON DELETE cascade,
	FOREIGN KEY (`child_id`) REFERENCES `quality_reports`(`id`) ON UPDATE no action ON DELETE cascade
);
--> statement-breakpoint
CREATE INDEX `quality_report_parents_parent` ON `quality_report_parents` (`parent_id`);--> statement-breakpoint
CREATE INDEX `quality_report_parents_child` ON `quality_report_parents` (`child_id`);--> statement-breakpoint
CREATE TABLE `quality_reports` (
	`id` integer PRIMARY KEY AUTOINCREMENT NOT NULL,
	`job_id` integer,
	`task_id` integer,
	`project_id` integer,
	`created_date` integer NOT NULL,
	`target_last_updated` integer NOT NULL,
	`gt_last_updated` integer,
	`assignee_id` integer,
	`assignee_last_updated` integer,
	`summary` text NOT NULL,
	`data` text NOT NULL,
	FOREIGN KEY (`job_id`) REFERENCES `jobs`(`id`) ON UPDATE no action ON DELETE cascade,
	FOREIGN KEY (`task_id`) REFERENCES `tasks`(`id`) ON UPDATE no action ON DELETE cascade,
	FOREIGN KEY (`project_id`) REFERENCES `projects`(`id`) ON UPDATE no action ON DELETE cascade,
	FOREIGN KEY (`assignee_id`) REFERENCES `users`(`id`) ON UPDATE no action ON DELETE set null
);
--> statement-breakpoint
CREATE INDEX `quality_reports_job` ON `quality_reports` (`job_id`);--> statement-breakpoint
CREATE INDEX `quality_reports_task` ON `quality_reports` (`task_id`);--> statement-breakpoint
CREATE INDEX `quality_reports_project` ON `quality_reports` (`project_id`);--> statement-breakpoint
CREATE TABLE `quality_requirements` (
	`id` integer PRIMARY KEY AUTOINCREMENT NOT NULL,
	`settings_id` integer NOT NULL,
	`name` text NOT NULL,
	`is_base` integer DEFAULT false NOT NULL,
	`sort_order` integer DEFAULT 0 NOT NULL,
	`filter` text DEFAULT '' NOT NULL,
	`enabled` integer DEFAULT true NOT NULL,
	`annotation_type` text,
	`metric` text,
	`required_score` real,
	`parent_id` integer,
	`iou_threshold` real,
	`point_size` real,
	`point_size_base` text,
	`line_thickness` real,
	`match_orientation` integer,
	`line_orientation_threshold` real,
	`match_groups` integer,
	`group_match_threshold` real,
	`check_covered_annotations` integer,
	`object_visibility_threshold` real,
	`panoptic_comparison` integer,
	`attribute_comparison` text,
	`created_date` integer NOT NULL,
	`updated_date` integer NOT NULL,
	FOREIGN KEY (`settings_id`) REFERENCES `quality_settings`(`id`) ON UPDATE no action ON DELETE cascade,
	FOREIGN KEY (`parent_id`) REFERENCES `quality_requirements`(`id`) ON UPDATE no action ON DELETE cascade
);
--> statement-breakpoint
CREATE INDEX `quality_requirements_settings` ON `quality_requirements` (`settings_id`);--> statement-breakpoint
CREATE INDEX `quality_requirements_parent` ON `quality_requirements` (`parent_id`);--> statement-breakpoint
CREATE TABLE `quality_settings` (
	`id` integer PRIMARY KEY AUTOINCREMENT NOT NULL,
	`task_id` integer,
	`project_id` integer,
	`inherit` integer DEFAULT true NOT NULL,
	`job_filter` text NOT NULL,
	`max_validations_per_job` integer DEFAULT 0 NOT NULL,
	`low_overlap_threshold` real DEFAULT 0.8 NOT NULL,
	`empty_is_annotated` integer DEFAULT false NOT NULL,
	`created_date` integer NOT NULL,
	`updated_date` integer NOT NULL,
	FOREIGN KEY (`task_id`) REFERENCES `tasks`(`id`) ON UPDATE no action ON DELETE cascade,
	FOREIGN KEY (`project_id`) REFERENCES `projects`(`id`) ON UPDATE no action ON DELETE cascade
);
--> statement-breakpoint
CREATE UNIQUE INDEX `quality_settings_task` ON `quality_settings` (`task_id`);--> statement-breakpoint
CREATE UNIQUE INDEX `quality_settings_project` ON `quality_settings` (`project_id`);--> statement-breakpoint
CREATE TABLE `related_files` (
	`id` integer PRIMARY KEY AUTOINCREMENT NOT NULL,
	`task_id` integer NOT NULL,
	`frame_file` text NOT NULL,
	`name` text NOT NULL,
	`file` text NOT NULL,
	FOREIGN KEY (`task_id`) REFERENCES `tasks`(`id`) ON UPDATE no action ON DELETE cascade
);
--> statement-breakpoint
CREATE INDEX `related_files_task` ON `related_files` (`task_id`);--> statement-breakpoint
CREATE TABLE `requests` (
	`id` text PRIMARY KEY NOT NULL,
	`user_id` integer,
	`status` text NOT NULL,
	`message` text DEFAULT '' NOT NULL,
	`progress` real,
	`action` text NOT NULL,
	`target` text NOT NULL,
	`subresource` text,
	`project_id` integer,
	`task_id` integer,
	`job_id` integer,
	`org_id` integer,
	`format` text,
	`key` text NOT NULL,
	`chore` text NOT NULL,
	`payload` text NOT NULL,
	`result_file` text,
	`result_name` text,
	`result_id` integer,
	`share_key` text,
	`created_date` integer NOT NULL,
	`started_date` integer,
	`finished_date` integer,
	`expiry_date` integer,
	FOREIGN KEY (`user_id`) REFERENCES `users`(`id`) ON UPDATE no action ON DELETE cascade
);
--> statement-breakpoint
CREATE INDEX `requests_user` ON `requests` (`user_id`);--> statement-breakpoint
CREATE INDEX `requests_status` ON `requests` (`status`);--> statement-breakpoint
CREATE INDEX `requests_task` ON `requests` (`task_id`);--> statement-breakpoint
CREATE INDEX `requests_share` ON `requests` (`share_key`);--> statement-breakpoint
CREATE TABLE `revisions` (
	`id` integer PRIMARY KEY AUTOINCREMENT NOT NULL,
	`job_id` integer NOT NULL,
	`revision` integer NOT NULL,
	`user_id` integer,
	`created_date` integer NOT NULL,
	`action` text NOT NULL,
	`counts` text NOT NULL,
	`delta` blob,
	FOREIGN KEY (`job_id`) REFERENCES `jobs`(`id`) ON UPDATE no action ON DELETE cascade,
	FOREIGN KEY (`user_id`) REFERENCES `users`(`id`) ON UPDATE no action ON DELETE set null
);
--> statement-breakpoint
CREATE UNIQUE INDEX `revisions_job_revision` ON `revisions` (`job_id`,`revision`);--> statement-breakpoint
CREATE TABLE `sessions` (
	`hash` text PRIMARY KEY NOT NULL,
	`user_id` integer NOT NULL,
	`expires_at` integer NOT NULL,
	FOREIGN KEY (`user_id`) REFERENCES `users`(`id`) ON UPDATE no action ON DELETE cascade
);
--> statement-breakpoint
CREATE INDEX `sessions_user` ON `sessions` (`user_id`);--> statement-breakpoint
CREATE TABLE `shapes` (
	`id` integer PRIMARY KEY AUTOINCREMENT NOT NULL,
	`job_id` integer NOT NULL,
	`label_id` integer NOT NULL,
	`frame` integer NOT NULL,
	`group` integer DEFAULT 0 NOT NULL,
	`source` text DEFAULT 'manual' NOT NULL,
	`attributes` text DEFAULT '[]' NOT NULL,
	`type` text NOT NULL,
	`occluded` integer DEFAULT false NOT NULL,
	`outside` integer DEFAULT false NOT NULL,
	`z_order` integer DEFAULT 0 NOT NULL,
	`rotation` real DEFAULT 0 NOT NULL,
	`points` text DEFAULT '[]' NOT NULL,
	`width` real DEFAULT 0 NOT NULL,
	`height` real DEFAULT 0 NOT NULL,
	`area` real DEFAULT 0 NOT NULL,
	`score` real DEFAULT 1 NOT NULL,
	`parent_id` integer,
	FOREIGN KEY (`job_id`) REFERENCES `jobs`(`id`) ON UPDATE no action ON DELETE cascade,
	FOREIGN KEY (`label_id`) REFERENCES `labels`(`id`) ON UPDATE no action ON DELETE cascade,
	FOREIGN KEY (`parent_id`) REFERENCES `shapes`(`id`) ON UPDATE no action ON DELETE cascade
);
--> statement-breakpoint
CREATE INDEX `shapes_job` ON `shapes` (`job_id`,`frame`,`parent_id`,`label_id`,`width`,`height`,`area`,`score`,`type`,`source`,`occluded`);--> statement-breakpoint
CREATE INDEX `shapes_parent` ON `shapes` (`parent_id`) WHERE "shapes"."parent_id" is not null;--> statement-breakpoint
CREATE INDEX `shapes_label` ON `shapes` (`label_id`);--> statement-breakpoint
CREATE TABLE `tags` (
	`id` integer PRIMARY KEY AUTOINCREMENT NOT NULL,
	`job_id` integer NOT NULL,
	`label_id` integer NOT NULL,
	`frame` integer NOT NULL,
	`group` integer DEFAULT 0 NOT NULL,
	`source` text DEFAULT 'manual' NOT NULL,
	`attributes` text DEFAULT '[]' NOT NULL,
	FOREIGN KEY (`job_id`) REFERENCES `jobs`(`id`) ON UPDATE no action ON DELETE cascade,
	FOREIGN KEY (`label_id`) REFERENCES `labels`(`id`) ON UPDATE no action ON DELETE cascade
);
--> statement-breakpoint
CREATE INDEX `tags_job` ON `tags` (`job_id`);--> statement-breakpoint
CREATE INDEX `tags_label` ON `tags` (`label_id`);--> statement-breakpoint
CREATE TABLE `task_data` (
	`id` integer PRIMARY KEY AUTOINCREMENT NOT NULL,
	`task_id` integer NOT NULL,
	`chunk_size` integer NOT NULL,
	`size` integer NOT NULL,
	`image_quality` integer NOT NULL,
	`start_frame` integer NOT NULL,
	`stop_frame` integer NOT NULL,
	`frame_filter` text DEFAULT '' NOT NULL,
	`compressed_chunk_type` text NOT NULL,
	`original_chunk_type` text NOT NULL,
	`sorting_method` text DEFAULT 'lexicographical' NOT NULL,
	`storage_method` text DEFAULT 'cache' NOT NULL,
	`storage` text DEFAULT 'local' NOT NULL,
	`cloud_storage_id` integer,
	`grow_size` integer,
	`grown_date` integer,
	`deleted_frames` text NOT NULL,
	`chunks_updated_date` integer NOT NULL,
	`video` text,
	FOREIGN KEY (`task_id`) REFERENCES `tasks`(`id`) ON UPDATE no action ON DELETE cascade,
	FOREIGN KEY (`cloud_storage_id`) REFERENCES `cloud_storages`(`id`) ON UPDATE no action ON DELETE set null
);
--> statement-breakpoint
CREATE UNIQUE INDEX `task_data_task` ON `task_data` (`task_id`);--> statement-breakpoint
CREATE TABLE `tasks` (
	`id` integer PRIMARY KEY AUTOINCREMENT NOT NULL,
	`project_id` integer,
	`name` text NOT NULL,
	`owner_id` integer,
	`assignee_id` integer,
	`assignee_updated_date` integer,
	`organization_id` integer,
	`bug_tracker` text DEFAULT '' NOT NULL,
	`mode` text DEFAULT '' NOT NULL,
	`dimension` text DEFAULT '2d' NOT NULL,
	`media_type` text DEFAULT 'image' NOT NULL,
	`overlap` integer,
	`segment_size` integer DEFAULT 0 NOT NULL,
	`status` text DEFAULT 'annotation' NOT NULL,
	`consensus_replicas` integer DEFAULT 0 NOT NULL,
	`subset` text DEFAULT '' NOT NULL,
	`source_storage` text,
	`target_storage` text,
	`created_date` integer NOT NULL,
	`updated_date` integer NOT NULL,
	FOREIGN KEY (`project_id`) REFERENCES `projects`(`id`) ON UPDATE no action ON DELETE cascade,
	FOREIGN KEY (`owner_id`) REFERENCES `users`(`id`) ON UPDATE no action ON DELETE set null,
	FOREIGN KEY (`assignee_id`) REFERENCES `users`(`id`) ON UPDATE no action ON DELETE set null,
	FOREIGN KEY (`organization_id`) REFERENCES `organizations`(`id`) ON UPDATE no action ON DELETE cascade
);
--> statement-breakpoint
CREATE INDEX `tasks_project` ON `tasks` (`project_id`);--> statement-breakpoint
CREATE INDEX `tasks_owner` ON `tasks` (`owner_id`);--> statement-breakpoint
CREATE INDEX `tasks_assignee` ON `tasks` (`assignee_id`);--> statement-breakpoint
CREATE INDEX `tasks_org` ON `tasks` (`organization_id`);--> statement-breakpoint
CREATE TABLE `track_shapes` (
	`id` integer PRIMARY KEY AUTOINCREMENT NOT NULL,
	`track_id` integer NOT NULL,
	`frame` integer NOT NULL,
	`attributes` text DEFAULT '[]' NOT NULL,
	`type` text NOT NULL,
	`occluded` integer DEFAULT false NOT NULL,
	`outside` integer DEFAULT false NOT NULL,
	`z_order` integer DEFAULT 0 NOT NULL,
	`rotation` real DEFAULT 0 NOT NULL,
	`points` text DEFAULT '[]' NOT NULL,
	`width` real DEFAULT 0 NOT NULL,
	`height` real DEFAULT 0 NOT NULL,
	`area` real DEFAULT 0 NOT NULL,
	FOREIGN KEY (`track_id`) REFERENCES `tracks`(`id`) ON UPDATE no action ON DELETE cascade
);
--> statement-breakpoint
CREATE INDEX `track_shapes_track` ON `track_shapes` (`track_id`,`frame`);--> statement-breakpoint
CREATE TABLE `tracks` (
	`id` integer PRIMARY KEY AUTOINCREMENT NOT NULL,
	`job_id` integer NOT NULL,
	`label_id` integer NOT NULL,
	`frame` integer NOT NULL,
	`group` integer DEFAULT 0 NOT NULL,
	`source` text DEFAULT 'manual' NOT NULL,
	`attributes` text DEFAULT '[]' NOT NULL,
	`parent_id` integer,
	FOREIGN KEY (`job_id`) REFERENCES `jobs`(`id`) ON UPDATE no action ON DELETE cascade,
	FOREIGN KEY (`label_id`) REFERENCES `labels`(`id`) ON UPDATE no action ON DELETE cascade,
	FOREIGN KEY (`parent_id`) REFERENCES `tracks`(`id`) ON UPDATE no action ON DELETE cascade
);
--> statement-breakpoint
CREATE INDEX `tracks_job` ON `tracks` (`job_id`);--> statement-breakpoint
CREATE INDEX `tracks_parent` ON `tracks` (`parent_id`) WHERE "tracks"."parent_id" is not null;--> statement-breakpoint
CREATE INDEX `tracks_label` ON `tracks` (`label_id`);--> statement-breakpoint
CREATE TABLE `uploads` (
	`id` text PRIMARY KEY NOT NULL,
	`user_id` integer NOT NULL,
	`purpose` text NOT NULL,
	`name` text NOT NULL,
	`length` integer NOT NULL,
	`complete` integer DEFAULT false NOT NULL,
	`created_at` integer NOT NULL,
	FOREIGN KEY (`user_id`) REFERENCES `users`(`id`) ON UPDATE no action ON DELETE cascade
);
--> statement-breakpoint
CREATE INDEX `uploads_purpose` ON `uploads` (`purpose`);--> statement-breakpoint
CREATE TABLE `user_settings` (
	`user_id` integer PRIMARY KEY NOT NULL,
	`settings` text NOT NULL,
	`updated_date` integer NOT NULL,
	FOREIGN KEY (`user_id`) REFERENCES `users`(`id`) ON UPDATE no action ON DELETE cascade
);
--> statement-breakpoint
CREATE TABLE `users` (
	`id` integer PRIMARY KEY AUTOINCREMENT NOT NULL,
	`username` text NOT NULL,
	`email` text DEFAULT '' NOT NULL,
	`password_hash` text DEFAULT '' NOT NULL,
	`first_name` text DEFAULT '' NOT NULL,
	`last_name` text DEFAULT '' NOT NULL,
	`groups` text NOT NULL,
	`is_staff` integer DEFAULT false NOT NULL,
	`is_superuser` integer DEFAULT false NOT NULL,
	`is_active` integer DEFAULT true NOT NULL,
	`has_analytics_access` integer DEFAULT false NOT NULL,
	`email_verified` integer DEFAULT true NOT NULL,
	`created_via` text,
	`profile` text DEFAULT '{}' NOT NULL,
	`last_login` integer,
	`date_joined` integer NOT NULL
);
--> statement-breakpoint
CREATE UNIQUE INDEX `users_username` ON `users` (`username`);--> statement-breakpoint
CREATE INDEX `users_email` ON `users` (`email`);--> statement-breakpoint
CREATE TABLE `validation_layouts` (
	`id` integer PRIMARY KEY AUTOINCREMENT NOT NULL,
	`task_id` integer NOT NULL,
	`mode` text NOT NULL,
	`frames_per_job` integer,
	`frames` text NOT NULL,
	`disabled_frames` text NOT NULL,
	FOREIGN KEY (`task_id`) REFERENCES `tasks`(`id`) ON UPDATE no action ON DELETE cascade
);
--> statement-breakpoint
CREATE UNIQUE INDEX `validation_layouts_task` ON `validation_layouts` (`task_id`);--> statement-breakpoint
CREATE TABLE `watches` (
	`id` integer PRIMARY KEY AUTOINCREMENT NOT NULL,
	`task_id` integer NOT NULL,
	`owner_id` integer,
	`origin` text NOT NULL,
	`cloud_storage_id` integer,
	`path` text NOT NULL,
	`pattern` text DEFAULT '' NOT NULL,
	`copy_data` integer DEFAULT false NOT NULL,
	`interval_seconds` integer NOT NULL,
	`enabled` integer DEFAULT true NOT NULL,
	`last_seen` text NOT NULL,
	`unusable` text NOT NULL,
	`last_scan_date` integer,
	`last_message` text DEFAULT '' NOT NULL,
	`problem` text DEFAULT '' NOT NULL,
	`created_date` integer NOT NULL,
	FOREIGN KEY (`task_id`) REFERENCES `tasks`(`id`) ON UPDATE no action ON DELETE cascade,
	FOREIGN KEY (`owner_id`) REFERENCES `users`(`id`) ON UPDATE no action ON DELETE set null,
	FOREIGN KEY (`cloud_storage_id`) REFERENCES `cloud_storages`(`id`) ON UPDATE no action ON DELETE cascade
);
--> statement-breakpoint
CREATE INDEX `watches_task` ON `watches` (`task_id`);--> statement-breakpoint
CREATE TABLE `webhook_deliveries` (
	`id` integer PRIMARY KEY AUTOINCREMENT NOT NULL,
	`webhook_id` integer NOT NULL,
	`event` text NOT NULL,
	`state` text NOT NULL,
	`status_code` integer,
	`redelivery` integer DEFAULT false NOT NULL,
	`attempt` integer DEFAULT 0 NOT NULL,
	`request_duration` integer,
	`changed_fields` text DEFAULT '' NOT NULL,
	`request` text NOT NULL,
	`response` text DEFAULT '' NOT NULL,
	`target` text,
	`created_date` integer NOT NULL,
	`updated_date` integer NOT NULL
);
--> statement-breakpoint
CREATE INDEX `webhook_deliveries_webhook` ON `webhook_deliveries` (`webhook_id`);--> statement-breakpoint
CREATE INDEX `webhook_deliveries_state` ON `webhook_deliveries` (`state`);--> statement-breakpoint
CREATE TABLE `webhooks` (
	`id` integer PRIMARY KEY AUTOINCREMENT NOT NULL,
	`type` text NOT NULL,
	`target_url` text NOT NULL,
	`description` text DEFAULT '' NOT NULL,
	`secret` text DEFAULT '' NOT NULL,
	`content_type` text DEFAULT 'application/json' NOT NULL,
	`is_active` integer DEFAULT true NOT NULL,
	`enable_ssl` integer DEFAULT true NOT NULL,
	`events` text NOT NULL,
	`owner_id` integer,
	`organization_id` integer,
	`project_id` integer,
	`created_date` integer NOT NULL,
	`updated_date` integer NOT NULL,
	FOREIGN KEY (`owner_id`) REFERENCES `users`(`id`) ON UPDATE no action ON DELETE set null,
	FOREIGN KEY (`organization_id`) REFERENCES `organizations`(`id`) ON UPDATE no action ON DELETE cascade,
	FOREIGN KEY (`project_id`) REFERENCES `projects`(`id`) ON UPDATE no action ON DELETE cascade
);
--> statement-breakpoint
CREATE INDEX `webhooks_owner` ON `webhooks` (`owner_id`);--> statement-breakpoint
CREATE INDEX `webhooks_org` ON `webhooks` (`organization_id`);--> statement-breakpoint
CREATE INDEX `webhooks_project` ON `webhooks` (`project_id`);--> statement-breakpoint
CREATE INDEX `webhooks_type` ON `webhooks` (`type`);