CREATE TABLE `outbound_breakers` (
	`organization_id` text NOT NULL,
	`connection` text NOT NULL,
	`host` text NOT NULL,
	`seq` integer NOT NULL,
	`is_open` integer NOT NULL,
	`reason` text NOT NULL,
	`since` integer NOT NULL,
	`until` integer NOT NULL,
	PRIMARY KEY(`organization_id`, `connection`, `host`)
);
--> statement-breakpoint
CREATE INDEX `outbound_breakers_open` ON `outbound_breakers` (`organization_id`,`since`) WHERE is_open = 1;--> statement-breakpoint
CREATE TABLE `outbound_rules` (
	`organization_id` text NOT NULL,
	`host` text NOT NULL,
	`limit_rule` text,
	`breaker` integer NOT NULL,
	`updated_by` text NOT NULL,
	`updated_at` integer NOT NULL,
	PRIMARY KEY(`organization_id`, `host`)
);
