CREATE TABLE `defaults` (
	`organization_id` text PRIMARY KEY NOT NULL,
	`retry` text NOT NULL,
	`revision` integer NOT NULL,
	`updated_by` text NOT NULL,
	`updated_at` integer NOT NULL
);
