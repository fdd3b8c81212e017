CREATE TABLE `enrolments` (
	`organization_id` text NOT NULL,
	`id` text NOT NULL,
	`workflow_id` text NOT NULL,
	`contact_id` text NOT NULL,
	`event_id` text NOT NULL,
	`at` integer NOT NULL,
	`revision` integer NOT NULL,
	`ended_at` integer,
	`ended_by` text,
	`reason` text,
	`retry_at` integer,
	PRIMARY KEY(`organization_id`, `id`)
);
--> statement-breakpoint
CREATE INDEX `enrolments_by_workflow` ON `enrolments` (`organization_id`,`workflow_id`,`id`);--> statement-breakpoint
CREATE INDEX `enrolments_by_contact` ON `enrolments` (`organization_id`,`contact_id`,`id`);--> statement-breakpoint
CREATE TABLE `goal_achievements` (
	`organization_id` text NOT NULL,
	`enrolment_id` text NOT NULL,
	`goal_id` text NOT NULL,
	`workflow_id` text NOT NULL,
	`contact_id` text NOT NULL,
	`at` integer NOT NULL,
	PRIMARY KEY(`organization_id`, `enrolment_id`, `goal_id`)
);
--> statement-breakpoint
CREATE INDEX `goal_achievements_by_workflow` ON `goal_achievements` (`organization_id`,`workflow_id`,`goal_id`);