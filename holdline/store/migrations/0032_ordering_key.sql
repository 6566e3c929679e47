-- Updates with one key are handled one after another: the chat they came from, else the person. "Lane" meant three things.
ALTER TABLE inbox RENAME COLUMN lane TO ordering_key;
