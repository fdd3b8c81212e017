DROP INDEX `team_members_team`;--> statement-breakpoint
-- Somebody is in a team once.
DELETE FROM `team_members` WHERE `rowid` NOT IN (SELECT min(`rowid`) FROM `team_members` GROUP BY `team_id`, `user_id`);--> statement-breakpoint
CREATE UNIQUE INDEX `team_members_place` ON `team_members` (`team_id`,`user_id`);--> statement-breakpoint
DROP INDEX `teams_organization`;--> statement-breakpoint
ALTER TABLE `teams` ADD `name_key` text;--> statement-breakpoint
-- Of several of one name the first has it; the others keep theirs as they are, until they are renamed.
UPDATE `teams` SET `name_key` = lower(trim(`name`)) WHERE NOT EXISTS (
  SELECT 1 FROM `teams` AS `other`
  WHERE `other`.`organization_id` = `teams`.`organization_id`
    AND lower(trim(`other`.`name`)) = lower(trim(`teams`.`name`)) AND `other`.`rowid` < `teams`.`rowid`);--> statement-breakpoint
CREATE UNIQUE INDEX `teams_name` ON `teams` (`organization_id`,`name_key`);
