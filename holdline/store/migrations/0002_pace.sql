-- Calls a second that floods of the whole bot have left; empty: as configured. Clean minutes since flood_at raise it.
ALTER TABLE leases ADD COLUMN pace DOUBLE PRECISION;
