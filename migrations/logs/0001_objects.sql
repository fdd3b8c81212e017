ALTER TABLE `executions` ADD `object_until` integer;--> statement-breakpoint
CREATE INDEX `executions_with_objects` ON `executions` (`object_until`) WHERE "executions"."object_until" IS NOT NULL;