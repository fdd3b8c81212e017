CREATE TABLE `calendars` (
	`id` text PRIMARY KEY NOT NULL,
	`organization_id` text NOT NULL,
	`name` text NOT NULL,
	`is_default` integer NOT NULL,
	`rules` text NOT NULL,
	`revision` integer NOT NULL,
	`created_by` text NOT NULL,
	`created_at` integer NOT NULL,
	`updated_at` integer NOT NULL
);
--> statement-breakpoint
CREATE INDEX `calendars_organization` ON `calendars` (`organization_id`,`name`);--> statement-breakpoint
CREATE UNIQUE INDEX `calendars_default` ON `calendars` (`organization_id`) WHERE is_default = 1;