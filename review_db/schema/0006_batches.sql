-- Batches of paid requests: who prepares one, when it left this machine, when the service gives up on it; and what the
-- service's prompt cache saved on a call.
ALTER TABLE batches ADD COLUMN owner TEXT;      -- the process that prepares it; its lock file tells whether it lives
ALTER TABLE batches ADD COLUMN sent_at TEXT;    -- stored before it is sent: without it the batch never left
ALTER TABLE batches ADD COLUMN expires_at TEXT;
ALTER TABLE calls ADD COLUMN saved_usd REAL;    -- by the prompt cache; below zero where writing to it cost more
CREATE INDEX calls_batch ON calls (batch_id) WHERE batch_id IS NOT NULL;
