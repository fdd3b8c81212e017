CREATE TABLE `execution_limits` (
	`organization_id` text PRIMARY KEY NOT NULL,
	`running` integer,
	`updated_by` text NOT NULL,
	`updated_at` integer NOT NULL
);
