-- The audit is append only, and a version never changes once it is written: whatever the code above does wrong.
CREATE TRIGGER `audit_entries_no_update` BEFORE UPDATE ON `audit_entries` BEGIN SELECT RAISE(ABORT, 'the audit is append only'); END;
--> statement-breakpoint
CREATE TRIGGER `audit_entries_no_delete` BEFORE DELETE ON `audit_entries` BEGIN SELECT RAISE(ABORT, 'the audit is append only'); END;
--> statement-breakpoint
CREATE TRIGGER `versions_no_update` BEFORE UPDATE ON `versions` BEGIN SELECT RAISE(ABORT, 'a version is immutable'); END;
