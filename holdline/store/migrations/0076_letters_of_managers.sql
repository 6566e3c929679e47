ALTER TABLE mails ADD COLUMN reader_id BIGINT REFERENCES managers (id);
