-- Executions as lists show them. The id begins with the time at which the trigger was accepted, so the primary key
-- is also the order of every list; WITHOUT ROWID makes a row one write.
CREATE TABLE `executions` (
	`organization_id` text NOT NULL,
	`id` text NOT NULL,
	`workflow_id` text NOT NULL,
	`workflow_name` text NOT NULL,
	`version_id` text NOT NULL,
	`version_number` integer NOT NULL,
	`status` text NOT NULL,
	`trigger_kind` text NOT NULL,
	`event_id` text NOT NULL,
	`generation` integer NOT NULL,
	`seq` integer NOT NULL,
	`accepted_at` integer NOT NULL,
	`finished_at` integer,
	`wake_at` integer,
	`step_count` integer NOT NULL,
	`failure` text,
	PRIMARY KEY(`organization_id`, `id`)
) WITHOUT ROWID;
--> statement-breakpoint
CREATE INDEX `executions_by_workflow` ON `executions` (`organization_id`, `workflow_id`, `id`);
--> statement-breakpoint
-- Only live executions are in it: what the sweeper asks for. A finished execution costs it nothing.
CREATE INDEX `executions_live` ON `executions` (`wake_at`) WHERE `finished_at` IS NULL;
--> statement-breakpoint
-- The journal as JSON text, in parts below the size limit of a value.
CREATE TABLE `journals` (
	`organization_id` text NOT NULL,
	`execution_id` text NOT NULL,
	`part` integer NOT NULL,
	`text` text NOT NULL,
	PRIMARY KEY(`organization_id`, `execution_id`, `part`)
) WITHOUT ROWID;
