CREATE TABLE `execution_forks` (
	`organization_id` text NOT NULL,
	`id` text NOT NULL,
	`origin_id` text NOT NULL,
	`root_id` text NOT NULL,
	`path` text NOT NULL,
	`effects` text NOT NULL,
	`edited` text NOT NULL,
	`forked_by` text NOT NULL,
	`forked_at` integer NOT NULL,
	`event_id` text NOT NULL,
	`request_key` text NOT NULL,
	`request_hash` text NOT NULL,
	PRIMARY KEY(`organization_id`, `id`)
);
--> statement-breakpoint
CREATE INDEX `execution_forks_tree` ON `execution_forks` (`organization_id`,`root_id`,`forked_at`);--> statement-breakpoint
CREATE UNIQUE INDEX `execution_forks_request` ON `execution_forks` (`organization_id`,`origin_id`,`request_key`);