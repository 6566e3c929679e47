CREATE TABLE attachment_contents (attachment_id BIGINT PRIMARY KEY REFERENCES attachments (id), content BYTEA NOT NULL);
