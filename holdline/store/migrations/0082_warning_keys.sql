-- A warning that was lost is said once more: each has a key of its own. NULL: one from before, silence:dialog:message.
ALTER TABLE silence_warnings ADD COLUMN said_as TEXT;
