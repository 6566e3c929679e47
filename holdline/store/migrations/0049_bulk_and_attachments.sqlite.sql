CREATE TABLE attachment_contents (attachment_id INTEGER PRIMARY KEY REFERENCES attachments (id), content BLOB NOT NULL);
