CREATE TABLE `dead_letters` (
	`organization_id` text NOT NULL,
	`id` text NOT NULL,
	`kind` text NOT NULL,
	`workflow_id` text,
	`workflow_name` text,
	`reason` text NOT NULL,
	`attempts` integer NOT NULL,
	`first_at` integer NOT NULL,
	`last_at` integer NOT NULL,
	`payload` text NOT NULL,
	PRIMARY KEY(`organization_id`, `id`)
);
--> statement-breakpoint
CREATE INDEX `dead_letters_newest` ON `dead_letters` (`organization_id`,`last_at`,`id`);--> statement-breakpoint
ALTER TABLE `executions` ADD `discarded_generation` integer;--> statement-breakpoint
CREATE INDEX `executions_exhausted` ON `executions` (`organization_id`,`finished_at`,`id`) WHERE status IN ('failed', 'timed_out', 'completed_with_errors');