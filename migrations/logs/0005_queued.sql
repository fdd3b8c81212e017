DROP INDEX `executions_live`;--> statement-breakpoint
CREATE INDEX `executions_queued` ON `executions` (`wake_at`) WHERE status = 'queued';--> statement-breakpoint
CREATE INDEX `executions_live` ON `executions` (`wake_at`) WHERE "executions"."finished_at" IS NULL AND status <> 'queued';