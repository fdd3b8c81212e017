CREATE TABLE `approvals` (
	`id` text PRIMARY KEY NOT NULL,
	`organization_id` text NOT NULL,
	`execution_id` text NOT NULL,
	`generation` integer NOT NULL,
	`path` text NOT NULL,
	`workflow_id` text NOT NULL,
	`workflow_name` text NOT NULL,
	`version_id` text NOT NULL,
	`started_by_hand` integer NOT NULL,
	`status` text NOT NULL,
	`created_at` integer NOT NULL,
	`due_at` integer NOT NULL,
	`escalated_at` integer,
	`closed_at` integer,
	`seq` integer NOT NULL,
	`told` integer NOT NULL,
	`asked` text NOT NULL,
	`votes` text NOT NULL,
	`request` text NOT NULL
);
--> statement-breakpoint
CREATE INDEX `approvals_recent` ON `approvals` (`organization_id`,`status`,`id`);