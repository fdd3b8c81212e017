CREATE TABLE `event_waits` (
	`organization_id` text NOT NULL,
	`match` text NOT NULL,
	`of_contact` integer NOT NULL,
	PRIMARY KEY(`organization_id`, `match`, `of_contact`)
);
