-- Invitations of before have no link: their ids, which were all it took to accept them, open nothing any more.
UPDATE `invitations` SET `status` = 'canceled' WHERE `status` = 'pending';--> statement-breakpoint
DROP INDEX `invitations_organization`;--> statement-breakpoint
ALTER TABLE `invitations` ADD `token_hash` text;--> statement-breakpoint
CREATE INDEX `invitations_inviter` ON `invitations` (`inviter_id`);--> statement-breakpoint
CREATE UNIQUE INDEX `invitations_token` ON `invitations` (`token_hash`);--> statement-breakpoint
CREATE UNIQUE INDEX `invitations_open` ON `invitations` (`organization_id`,`email`) WHERE status = 'pending';