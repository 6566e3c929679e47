-- The rows of a desk of 29 November 2026 (commit 9c2fb44) that was killed at work: a rating form and an answer on the wire,
-- two marketing messages held, an update that was being handled and one that was not.
INSERT INTO bots (id, username, topics_in_private, created_at) VALUES
    (123456, 'holdline_sandbox_bot', 0, 1795956397677896);

INSERT INTO settings (bot_id, name, value_json) VALUES
    (123456, 'lists_seeded', 'true'),
    (123456, 'probed_at', '"2026-11-29T12:46:43.457959+00:00"'),
    (123456, 'outage', 'null');

INSERT INTO customers (id, bot_id, telegram_id, name, language, language_chosen, reach, started_at, created_at, last_wrote_at) VALUES
    (1, 123456, 42, 'Person 42', 'en', 0, 'ok', 1795956404032608, 1795956404032608, 1795956404112703),
    (2, 123456, 44, 'Person 44', 'en', 0, 'ok', 1795956404033493, 1795956404033493, 1795956404033493),
    (3, 123456, 43, 'Person 43', 'en', 0, 'ok', 1795956404033687, 1795956404033687, 1795956404161851);

INSERT INTO managers (id, bot_id, telegram_id, name, username, role, ready, active, language, created_at) VALUES
    (1, 123456, 111111111, 'Anna', 'anna', 'admin', 0, 1, 'en', 1795956397665423);

INSERT INTO lists (id, bot_id, kind, name, category, system, created_at) VALUES
    (1, 123456, 'stages', 'New', 'open', 1, 1795956397665423),
    (2, 123456, 'stages', 'In handling', 'open', 1, 1795956397665423),
    (3, 123456, 'stages', 'Awaiting review', 'waiting', 1, 1795956397665423),
    (4, 123456, 'stages', 'Closed', 'resolved', 1, 1795956397665423),
    (5, 123456, 'types', 'Support', NULL, 0, 1795956397665423),
    (6, 123456, 'types', 'Refund', NULL, 0, 1795956397665423);

INSERT INTO dialogs (id, bot_id, customer_id, title, state, type_id, stage_id, assignee_id, description, priority, created_by, customer_score, created_at, changed_at, closed_at) VALUES
    (1, 123456, 1, 'Lost parcel', 'closed', 5, 4, 1, 'My parcel is lost', 'normal', 1, 3, 1795956404052777, 1795956407228191, 1795956407228191),
    (2, 123456, 3, 'Invoice', 'active', 5, 2, 1, '', 'normal', 1, NULL, 1795956404153813, 1795956407205008, NULL);

INSERT INTO dialog_participants (dialog_id, manager_id, added_at) VALUES
    (1, 1, 1795956404052777),
    (2, 1, 1795956404153813);

INSERT INTO messages (id, bot_id, customer_id, dialog_id, direction, class, author_kind, manager_id, kind, text, entities_json, data_json, chat_id, tg_message_id, inbox_item_id, status, created_at, sent_at) VALUES
    (1, 123456, 1, NULL, 'in', 'customer', 'customer', NULL, 'text', 'My parcel is lost', '[]', '{}', 42, 6, 1, 'received', 1795956404037139, NULL),
    (2, 123456, 1, 1, 'out', 'manager', 'manager', 1, 'text', 'We look for it', '[]', '{}', NULL, NULL, NULL, 'sent', 1795956404062179, 1795956404089949),
    (3, 123456, 1, 1, 'in', 'customer', 'customer', NULL, 'text', 'Thank you so much', '[]', '{}', 42, 13, NULL, 'received', 1795956404112703, NULL),
    (4, 123456, 3, NULL, 'out', 'broadcast', 'broadcast', NULL, 'text', 'Summer sale', '[]', '{}', NULL, NULL, NULL, 'queued', 1795956404156620, NULL),
    (5, 123456, 3, NULL, 'out', 'funnel', 'funnel', NULL, 'text', 'Second step', '[]', '{}', NULL, NULL, NULL, 'queued', 1795956404158771, NULL),
    (6, 123456, 3, 2, 'in', 'customer', 'customer', NULL, 'text', 'Where is my invoice?', '[]', '{}', 43, 16, NULL, 'received', 1795956404161851, NULL),
    (7, 123456, 3, 2, 'out', 'manager', 'manager', 1, 'text', 'Here it is', '[]', '{}', NULL, NULL, NULL, 'queued', 1795956407205008, NULL),
    (8, 123456, 3, 2, 'out', 'manager', 'manager', 1, 'text', 'And a copy of it', '[]', '{}', NULL, NULL, NULL, 'queued', 1795956407210192, NULL);

INSERT INTO copies (bot_id, chat_id, tg_message_id, role, message_id, customer_id, dialog_id, inbox_item_id, place_id, part, created_at) VALUES
    (123456, 111111111, 2, 'notice', NULL, NULL, NULL, NULL, NULL, 0, 1795956402487459),
    (123456, 42, 6, 'original', 1, 1, NULL, NULL, NULL, 0, 1795956404037139),
    (123456, 42, 7, 'notice', NULL, 1, NULL, NULL, NULL, 0, 1795956404045137),
    (123456, 44, 8, 'notice', NULL, 2, NULL, NULL, NULL, 0, 1795956404045137),
    (123456, 43, 9, 'notice', NULL, 3, NULL, NULL, NULL, 0, 1795956404046754),
    (123456, 111111111, 10, 'copy', 1, 1, NULL, 1, 1, 0, 1795956404046754),
    (123456, 42, 12, 'copy', 2, 1, 1, NULL, NULL, 0, 1795956404089949),
    (123456, 111111111, 11, 'card', NULL, NULL, 1, NULL, 2, 0, 1795956404089949),
    (123456, 42, 13, 'original', 3, 1, 1, NULL, NULL, 0, 1795956404112703),
    (123456, 111111111, 14, 'copy', 2, 1, 1, NULL, 2, 0, 1795956404115840),
    (123456, 111111111, 15, 'copy', 3, 1, 1, NULL, 2, 0, 1795956404139682),
    (123456, 43, 16, 'original', 6, 3, 2, NULL, NULL, 0, 1795956404161851),
    (123456, 111111111, 17, 'card', NULL, NULL, 2, NULL, 3, 0, 1795956404164663),
    (123456, 111111111, 18, 'copy', 6, 3, 2, NULL, 3, 0, 1795956404188426),
    (123456, 111111111, 19, 'copy', 7, 3, 2, NULL, 3, 0, 1795956407232913),
    (123456, 111111111, 22, 'copy', 8, 3, 2, NULL, 3, 0, 1795956407282351);

INSERT INTO notes (id, dialog_id, manager_id, text, data_json, created_at) VALUES
    (1, 1, 1, 'She is kind', '{}', 1795956404108262);

INSERT INTO history (id, bot_id, customer_id, dialog_id, kind, actor_kind, actor_name, actor_id, actor_telegram_id, text, data_json, created_at) VALUES
    (1, 123456, 1, NULL, 'customer_started', 'customer', 'Person 42', 1, 42, NULL, '{"payload":""}', 1795956404032608),
    (2, 123456, 2, NULL, 'customer_started', 'customer', 'Person 44', 2, 44, NULL, '{"payload":""}', 1795956404033493),
    (3, 123456, 3, NULL, 'customer_started', 'customer', 'Person 43', 3, 43, NULL, '{"payload":""}', 1795956404033687),
    (4, 123456, 1, 1, 'inbox_item_moved', 'manager', 'Anna', 1, 111111111, NULL, '{"inbox_item_id":1,"messages":1}', 1795956404052777),
    (5, 123456, 1, 1, 'dialog_opened', 'manager', 'Anna', 1, 111111111, 'Lost parcel', '{"title":"Lost parcel","type":"Support","participants":[111111111],"reasons":[],"components":[],"follow_up_of":null}', 1795956404052777),
    (6, 123456, 1, 1, 'reply_given', 'manager', 'Anna', 1, 111111111, 'We look for it', '{"message_id":2,"kind":"text"}', 1795956404062179),
    (7, 123456, 1, 1, 'note_created', 'manager', 'Anna', 1, 111111111, 'She is kind', '{"note_id":1}', 1795956404108262),
    (8, 123456, 3, 2, 'dialog_opened', 'manager', 'Anna', 1, 111111111, 'Invoice', '{"title":"Invoice","type":"Support","participants":[111111111],"reasons":[],"components":[],"follow_up_of":null}', 1795956404153813),
    (9, 123456, 3, 2, 'reply_given', 'manager', 'Anna', 1, 111111111, 'Here it is', '{"message_id":7,"kind":"text"}', 1795956407205008),
    (10, 123456, 3, 2, 'reply_given', 'manager', 'Anna', 1, 111111111, 'And a copy of it', '{"message_id":8,"kind":"text"}', 1795956407210192),
    (11, 123456, 1, 1, 'dialog_closed', 'manager', 'Anna', 1, 111111111, NULL, '{"from":"active","to":"closed","customer_score":3,"rating_form":true,"reason":null,"comment":null,"root_cause":null}', 1795956407228191);

INSERT INTO inbox_items (id, bot_id, customer_id, state, first_message_id, messages, dialog_id, handled_by, created_at, changed_at) VALUES
    (1, 123456, 1, 'moved', 1, 1, 1, 1, 1795956404037139, 1795956404052777);

INSERT INTO surveys (id, token, bot_id, dialog_id, customer_id, state, assignee_id, participants_json, sent_at) VALUES
    (1, 'wijnt3LzFrwqw5Qc', 123456, 1, 1, 'offered', 1, '[1]', 1795956407228191);

INSERT INTO places (id, bot_id, chat_id, dialog_id, mode, name, live, card_tg_id, created_at) VALUES
    (1, 123456, 111111111, NULL, 'headed', '📥 Inbox', 1, NULL, 1795956404037139),
    (2, 123456, 111111111, 1, 'headed', 'Lost parcel', 1, 11, 1795956404052777),
    (3, 123456, 111111111, 2, 'headed', 'Invoice', 1, 17, 1795956404153813);

INSERT INTO inbox (id, bot_id, update_id, lane, raw, state, attempts, received_at, done_at) VALUES
    (1, 123456, 700000001, 111111111, '{"update_id":700000001,"message":{"message_id":1,"from":{"id":111111111,"is_bot":false,"first_name":"Anna","username":"anna","language_code":"en"},"chat":{"id":111111111,"type":"private","first_name":"Anna","username":"anna"},"date":1795956396,"text":"/start","entities":[{"offset":0,"length":6,"type":"bot_command"}]}}', 'done', 1, 1795956402466380, 1795956402470572),
    (2, 123456, 700000002, 42, '{"update_id":700000002,"message":{"message_id":3,"from":{"id":42,"is_bot":false,"first_name":"Person 42","language_code":"en"},"chat":{"id":42,"type":"private","first_name":"Person 42"},"date":1795956404,"text":"/start","entities":[{"offset":0,"length":6,"type":"bot_command"}]}}', 'done', 1, 1795956404029176, 1795956404032608),
    (3, 123456, 700000003, 43, '{"update_id":700000003,"message":{"message_id":4,"from":{"id":43,"is_bot":false,"first_name":"Person 43","language_code":"en"},"chat":{"id":43,"type":"private","first_name":"Person 43"},"date":1795956404,"text":"/start","entities":[{"offset":0,"length":6,"type":"bot_command"}]}}', 'done', 1, 1795956404029176, 1795956404033687),
    (4, 123456, 700000004, 44, '{"update_id":700000004,"message":{"message_id":5,"from":{"id":44,"is_bot":false,"first_name":"Person 44","language_code":"en"},"chat":{"id":44,"type":"private","first_name":"Person 44"},"date":1795956404,"text":"/start","entities":[{"offset":0,"length":6,"type":"bot_command"}]}}', 'done', 1, 1795956404029176, 1795956404033493),
    (5, 123456, 700000005, 42, '{"update_id":700000005,"message":{"message_id":6,"from":{"id":42,"is_bot":false,"first_name":"Person 42","language_code":"en"},"chat":{"id":42,"type":"private","first_name":"Person 42"},"date":1795956404,"text":"My parcel is lost"}}', 'done', 1, 1795956404029176, 1795956404037139),
    (6, 123456, 700000006, 42, '{"update_id":700000006,"message":{"message_id":13,"from":{"id":42,"is_bot":false,"first_name":"Person 42","language_code":"en"},"chat":{"id":42,"type":"private","first_name":"Person 42"},"date":1795956404,"text":"Thank you so much"}}', 'done', 1, 1795956404110525, 1795956404112703),
    (7, 123456, 700000007, 43, '{"update_id":700000007,"message":{"message_id":16,"from":{"id":43,"is_bot":false,"first_name":"Person 43","language_code":"en"},"chat":{"id":43,"type":"private","first_name":"Person 43"},"date":1795956404,"text":"Where is my invoice?"}}', 'done', 1, 1795956404160286, 1795956404161851),
    (8, 123456, 700000008, 43, '{"update_id":700000008,"message":{"message_id":23,"from":{"id":43,"is_bot":false,"first_name":"Person 43","language_code":"en"},"chat":{"id":43,"type":"private","first_name":"Person 43"},"date":1795956408,"text":"Hello? Is it on its way?"}}', 'new', 1, 1795956407333448, NULL),
    (9, 123456, 700000009, 44, '{"update_id":700000009,"message":{"message_id":24,"from":{"id":44,"is_bot":false,"first_name":"Person 44","language_code":"en"},"chat":{"id":44,"type":"private","first_name":"Person 44"},"date":1795956408,"text":"Can I send it back?"}}', 'new', 0, 1795956407334448, NULL);

INSERT INTO lanes (bot_id, chat_id, customer_id, kind, gate, gate_epoch, gate_changed_at, dialog_due_at, marketing_due_at, not_before_at, leased_until_at, lease_token, in_flight, recent_json) VALUES
    (123456, 111111111, NULL, 'private', 'open', 0, NULL, NULL, NULL, 1795956407353048, NULL, NULL, NULL, '[]'),
    (123456, 42, 1, 'private', 'open', 2, 1795956407228191, 1795956407228191, NULL, 1795956404110949, 1795956437232913, 'old:437ffb40:fc9ebbfbafbcee2d', 22, '[]'),
    (123456, 44, 2, 'private', 'open', 0, NULL, NULL, NULL, 1795956404066137, NULL, NULL, NULL, '[]'),
    (123456, 43, 3, 'private', 'held', 1, 1795956404153813, 1795956407205008, 1795956404156620, 1795956404067754, 1795956437209578, 'old:437ffb40:e8e48d91364ce37b', 17, '[]');

INSERT INTO outbox (id, bot_id, chat_id, lane, class, kind, rank, key, collapse_key, payload_json, customer_id, dialog_id, message_id, place_id, due_at, status, attempts, failures, uncertain, gate_epoch, begun_at, settled_at, tg_message_id, created_at) VALUES
    (1, 123456, 111111111, 'dialog', 'desk', 'text', 0, 'answer:111111111:1', NULL, '{"text":"What you can do here\n/inbox \u2014 Who waits for an answer\n/dialogs \u2014 Your dialogs; in a topic or as a reply: all of that customer\n/active \u2014 All active dialogs\n/new \u2014 New dialogs, oldest first\n/handling \u2014 Dialogs in handling\n/review \u2014 Dialogs that await review\n/open [title] \u2014 Open a dialog: reply to an Inbox card; without a title, step by step\n/enter 12 \u2014 Write to that dialog from your own chat; alone, leave it\n/pause \u2014 Pause the dialog\n/resume \u2014 Resume it\n/close [1-3] [form] \u2014 Close at once with a score and the rating form; alone, step by step\n/note text \u2014 A note that only the desk sees; a leading dot does the same\n/info \u2014 The dialog''s fields, to look at and change\n/history \u2014 Everything that happened, who and when\n/assign \u2014 Give the dialog to somebody\n/take \u2014 Take it yourself\n/find text \u2014 Search by #12, title, name or words\n/tasks \u2014 Your tasks\n/ready \u2014 You can take new dialogs\n/away \u2014 No new dialogs for you\n/settings \u2014 Lists, standard messages, roles, people\n/report dialogs \u2014 All dialogs as a table file\n/delete \u2014 As a reply: remove your message at the customer''s\n/language en|ru|pl \u2014 Your own language\n/help \u2014 This list\n\nPlain text in a dialog''s topic goes to the customer at once. A leading dot makes a note that only the desk sees.","entities":[{"type":"bold","offset":0,"length":20}],"buttons":[],"reply_to_tg_id":1,"thread_id":null}', NULL, NULL, NULL, NULL, 1795956402470572, 'sent', 1, 0, 0, 0, 1795956402477794, 1795956402487459, 2, 1795956402470572),
    (2, 123456, 42, 'dialog', 'system', 'standard', 0, 'greeting:1:3', NULL, '{"name":"greeting","words":{}}', 1, NULL, NULL, NULL, 1795956404032608, 'sent', 1, 0, 0, 0, 1795956404033848, 1795956404045137, 7, 1795956404032608),
    (3, 123456, 44, 'dialog', 'system', 'standard', 0, 'greeting:2:5', NULL, '{"name":"greeting","words":{}}', 2, NULL, NULL, NULL, 1795956404033493, 'sent', 1, 0, 0, 0, 1795956404033848, 1795956404045137, 8, 1795956404033493),
    (4, 123456, 43, 'dialog', 'system', 'standard', 0, 'greeting:3:4', NULL, '{"name":"greeting","words":{}}', 3, NULL, NULL, NULL, 1795956404033687, 'sent', 1, 0, 0, 0, 1795956404033848, 1795956404046754, 9, 1795956404033687),
    (5, 123456, 111111111, 'dialog', 'desk', 'inbox_card', 0, 'inbox_card:1:1:0', NULL, '{"part":0,"parts":1,"inbox_item_id":1,"first":true,"album":false}', 1, NULL, 1, 1, 1795956404037139, 'sent', 1, 0, 0, 0, 1795956404038505, 1795956404046754, 10, 1795956404037139),
    (6, 123456, 111111111, 'dialog', 'desk', 'inbox_card_markup', 2, 'item:1:10:aa76a4344c5f', 'item:1:111111111:10', '{"inbox_item_id":1,"tg_message_id":10}', NULL, NULL, 1, NULL, 1795956404052777, 'sent', 1, 0, 0, 0, 1795956404209713, 1795956404212268, 10, 1795956404052777),
    (7, 123456, 111111111, 'dialog', 'desk', 'info_card', 0, 'info_card:2', NULL, '{}', NULL, 1, NULL, 2, 1795956404052777, 'sent', 1, 0, 0, 0, 1795956404085052, 1795956404089949, 11, 1795956404052777),
    (8, 123456, 42, 'dialog', 'manager', 'message', 0, 'message:2:0', NULL, '{"part":0,"parts":1}', 1, 1, 2, NULL, 1795956404062179, 'sent', 1, 0, 0, 1, 1795956404085052, 1795956404089949, 12, 1795956404062179),
    (9, 123456, 111111111, 'dialog', 'desk', 'info_card_edit', 2, 'info_card_edit:2:3292c10cf8ef', 'info_card_edit:2', '{}', NULL, 1, NULL, 2, 1795956404062179, 'sent', 1, 0, 0, 0, 1795956404233439, 1795956404236199, NULL, 1795956404062179),
    (10, 123456, 111111111, 'dialog', 'desk', 'mirror', 0, 'mirror:2:2:0', NULL, '{"part":0,"parts":1}', 1, 1, 2, 2, 1795956404062179, 'sent', 1, 0, 0, 0, 1795956404113779, 1795956404115840, 14, 1795956404062179),
    (11, 123456, 111111111, 'dialog', 'desk', 'mirror', 0, 'mirror:3:2:0', NULL, '{"part":0,"parts":1}', 1, 1, 3, 2, 1795956404112703, 'sent', 1, 0, 0, 0, 1795956404137094, 1795956404139682, 15, 1795956404112703),
    (12, 123456, 111111111, 'dialog', 'desk', 'info_card', 0, 'info_card:3', NULL, '{}', NULL, 2, NULL, 3, 1795956404153813, 'sent', 1, 0, 0, 0, 1795956404162704, 1795956404164663, 17, 1795956404153813),
    (13, 123456, 43, 'marketing', 'broadcast', 'message', 0, 'outbound:4:354ad131', NULL, '{}', 3, NULL, 4, NULL, 1795956404156620, 'queued', 0, 0, 0, NULL, NULL, NULL, NULL, 1795956404156620),
    (14, 123456, 111111111, 'dialog', 'desk', 'info_card_edit', 2, 'info_card_edit:3:5dfb5f25efc9', 'info_card_edit:3', '{}', NULL, 2, NULL, 3, 1795956404169953, 'sent', 1, 0, 0, 0, 1795956404256586, 1795956404259555, NULL, 1795956404156620),
    (15, 123456, 43, 'marketing', 'funnel', 'message', 0, 'outbound:5:68e95130', NULL, '{}', 3, NULL, 5, NULL, 1795956404158771, 'queued', 0, 0, 0, NULL, NULL, NULL, NULL, 1795956404158771),
    (16, 123456, 111111111, 'dialog', 'desk', 'mirror', 0, 'mirror:6:3:0', NULL, '{"part":0,"parts":1}', 3, 2, 6, 3, 1795956404161851, 'sent', 1, 0, 0, 0, 1795956404185866, 1795956404188426, 18, 1795956404161851),
    (17, 123456, 43, 'dialog', 'manager', 'message', 0, 'message:7:0', NULL, '{"part":0,"parts":1}', 3, 2, 7, NULL, 1795956407205008, 'sending', 1, 0, 0, 1, 1795956407209578, NULL, NULL, 1795956407205008),
    (18, 123456, 111111111, 'dialog', 'desk', 'info_card_edit', 2, 'info_card_edit:3:498fc47bf37d', 'info_card_edit:3', '{}', NULL, 2, NULL, 3, 1795956407205008, 'sent', 1, 0, 0, 0, 1795956407313238, 1795956407322046, 17, 1795956407205008),
    (19, 123456, 111111111, 'dialog', 'desk', 'mirror', 0, 'mirror:7:3:0', NULL, '{"part":0,"parts":1}', 3, 2, 7, 3, 1795956407205008, 'sent', 1, 0, 0, 0, 1795956407209578, 1795956407232913, 19, 1795956407205008),
    (20, 123456, 43, 'dialog', 'manager', 'message', 0, 'message:8:0', NULL, '{"part":0,"parts":1}', 3, 2, 8, NULL, 1795956407210192, 'queued', 0, 0, 0, NULL, NULL, NULL, NULL, 1795956407210192),
    (21, 123456, 111111111, 'dialog', 'desk', 'mirror', 0, 'mirror:8:3:0', NULL, '{"part":0,"parts":1}', 3, 2, 8, 3, 1795956407210192, 'sent', 1, 0, 0, 0, 1795956407270388, 1795956407282351, 22, 1795956407210192),
    (22, 123456, 42, 'dialog', 'system', 'rating_form', 0, 'rating_form:1', NULL, '{"survey_id":1}', 1, 1, NULL, NULL, 1795956407228191, 'sending', 1, 0, 0, 2, 1795956407232913, NULL, NULL, 1795956407228191),
    (23, 123456, 111111111, 'dialog', 'desk', 'info_card_edit', 2, 'info_card_edit:2:0cd0b54a7696', 'info_card_edit:2', '{}', NULL, 1, NULL, 2, 1795956407228191, 'sent', 1, 0, 0, 0, 1795956407332448, 1795956407346048, 11, 1795956407228191);

INSERT INTO outbox_attempts (id, outbox_id, attempt, epoch, begun_at, ended_at, outcome, code, description) VALUES
    (1, 1, 1, 1, 1795956402477794, 1795956402487459, 'sent', NULL, NULL),
    (2, 2, 1, 1, 1795956404033848, 1795956404045137, 'sent', NULL, NULL),
    (3, 3, 1, 1, 1795956404033848, 1795956404045137, 'sent', NULL, NULL),
    (4, 4, 1, 1, 1795956404033848, 1795956404046754, 'sent', NULL, NULL),
    (5, 5, 1, 1, 1795956404038505, 1795956404046754, 'sent', NULL, NULL),
    (6, 7, 1, 1, 1795956404085052, 1795956404089949, 'sent', NULL, NULL),
    (7, 8, 1, 1, 1795956404085052, 1795956404089949, 'sent', NULL, NULL),
    (8, 10, 1, 1, 1795956404113779, 1795956404115840, 'sent', NULL, NULL),
    (9, 11, 1, 1, 1795956404137094, 1795956404139682, 'sent', NULL, NULL),
    (10, 12, 1, 1, 1795956404162704, 1795956404164663, 'sent', NULL, NULL),
    (11, 16, 1, 1, 1795956404185866, 1795956404188426, 'sent', NULL, NULL),
    (12, 6, 1, 1, 1795956404209713, 1795956404212268, 'sent', NULL, NULL),
    (13, 9, 1, 1, 1795956404233439, 1795956404236199, 'refused', 400, 'Bad Request: message is not modified: specified new message content and reply markup are exactly the same as a current content and reply markup of the message'),
    (14, 14, 1, 1, 1795956404256586, 1795956404259555, 'refused', 400, 'Bad Request: message is not modified: specified new message content and reply markup are exactly the same as a current content and reply markup of the message'),
    (15, 17, 1, 1, 1795956407209578, NULL, NULL, NULL, NULL),
    (16, 19, 1, 1, 1795956407209578, 1795956407232913, 'sent', NULL, NULL),
    (17, 22, 1, 1, 1795956407232913, NULL, NULL, NULL, NULL),
    (18, 21, 1, 1, 1795956407270388, 1795956407282351, 'sent', NULL, NULL),
    (19, 18, 1, 1, 1795956407313238, 1795956407322046, 'sent', NULL, NULL),
    (20, 23, 1, 1, 1795956407332448, 1795956407346048, 'sent', NULL, NULL);

INSERT INTO leases (bot_id, role, holder, epoch, until_at) VALUES
    (123456, 'intake', 'old, process 7', 1, 1795956422460757),
    (123456, 'sender', 'old, process 7', 1, 1795956422460887);
