-- A reason for closes may say how such a case ended.
ALTER TABLE lists ADD COLUMN outcome TEXT CHECK (outcome IN ('success', 'failure'));
