-- When the desk was told that marketing waits behind this dialog for too long; once for each time it is active.
ALTER TABLE dialogs ADD COLUMN hold_told_at BIGINT;
