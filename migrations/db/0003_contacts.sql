CREATE TABLE `contact_fields` (
	`organization_id` text NOT NULL,
	`key` text NOT NULL,
	`label` text NOT NULL,
	`type` text NOT NULL,
	`options` text NOT NULL,
	`created_at` integer NOT NULL,
	PRIMARY KEY(`organization_id`, `key`)
);
--> statement-breakpoint
CREATE TABLE `contact_identities` (
	`organization_id` text NOT NULL,
	`kind` text NOT NULL,
	`value` text NOT NULL,
	`contact_id` text NOT NULL,
	`revision` integer NOT NULL,
	PRIMARY KEY(`organization_id`, `kind`, `value`)
) WITHOUT ROWID;
--> statement-breakpoint
CREATE TABLE `contact_tags` (
	`organization_id` text NOT NULL,
	`tag` text NOT NULL,
	`contact_id` text NOT NULL,
	PRIMARY KEY(`organization_id`, `tag`, `contact_id`)
) WITHOUT ROWID;
--> statement-breakpoint
CREATE INDEX `contact_tags_contact` ON `contact_tags` (`contact_id`);--> statement-breakpoint
CREATE TABLE `contacts` (
	`id` text PRIMARY KEY NOT NULL,
	`organization_id` text NOT NULL,
	`revision` integer NOT NULL,
	`owner_id` text,
	`visibility` text NOT NULL,
	`source` text,
	`search` text NOT NULL,
	`updated_at` integer NOT NULL,
	`deleted_at` integer,
	`contact` text NOT NULL
);
--> statement-breakpoint
CREATE INDEX `contacts_recent` ON `contacts` (`organization_id`,`updated_at`,`id`) WHERE deleted_at IS NULL;