-- Since when somebody is away by their own word; whoever never said it is there while they are at work.
ALTER TABLE managers ADD COLUMN away_at BIGINT;
