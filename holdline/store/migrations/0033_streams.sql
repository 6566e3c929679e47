-- A chat has two streams, dialog before marketing; the word "lane" stood for the chat as well.
ALTER TABLE outbox RENAME COLUMN lane TO stream;
ALTER TABLE waiting_chats RENAME COLUMN lane TO stream;
