-- Files of customers: pictures and documents, whole, in the database, so that one backup holds everything.
-- What was kept is never changed; what was linked is never removed.

CREATE SCHEMA files;

CREATE TABLE files.files (
  id           uuid PRIMARY KEY,
  customer_id  uuid NOT NULL,
  -- The Idempotency-Key that it came with, and the SHA-256 of what came: the same key brings the same bytes or nothing.
  upload_key   uuid NOT NULL,
  source_hash  bytea NOT NULL CHECK (octet_length(source_hash) = 32),
  -- SHA-256 of what is kept: of a picture without place and camera.
  content_hash bytea NOT NULL CHECK (octet_length(content_hash) = 32),
  media_type   text NOT NULL CHECK (media_type IN ('image/jpeg', 'image/png', 'image/webp', 'application/pdf')),
  byte_length  integer NOT NULL CHECK (byte_length BETWEEN 1 AND 5242880),
  width        integer,
  height       integer,
  added_at     timestamptz NOT NULL,
  -- Since when something holds it; without it, it goes after a day.
  linked_at    timestamptz,
  CONSTRAINT files_once UNIQUE (customer_id, upload_key),
  CONSTRAINT pictures_have_sides CHECK ((media_type = 'application/pdf') = (width IS NULL AND height IS NULL))
);
CREATE INDEX files_unlinked ON files.files (added_at) WHERE linked_at IS NULL;

-- Apart from the rows that lists read. Pictures do not compress: kept out of line as they are.
CREATE TABLE files.contents (
  file_id uuid PRIMARY KEY REFERENCES files.files (id) ON DELETE CASCADE,
  content bytea NOT NULL
);
ALTER TABLE files.contents ALTER COLUMN content SET STORAGE EXTERNAL;

-- What holds a file: a conversation by its id, a refund by its reference.
CREATE TABLE files.links (
  file_id   uuid NOT NULL REFERENCES files.files (id),
  subject   text NOT NULL,
  linked_at timestamptz NOT NULL,
  PRIMARY KEY (subject, file_id)
);
CREATE INDEX links_file ON files.links (file_id);

CREATE FUNCTION files.refuse_rewriting() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION 'what was kept of a file, and what holds it, never changes' USING ERRCODE = 'restrict_violation';
END $$;
CREATE TRIGGER files_not_rewritten BEFORE UPDATE OF id, customer_id, upload_key, source_hash, content_hash, media_type,
  byte_length, width, height, added_at ON files.files FOR EACH ROW EXECUTE FUNCTION files.refuse_rewriting();
CREATE TRIGGER contents_not_rewritten BEFORE UPDATE OR TRUNCATE ON files.contents
  FOR EACH STATEMENT EXECUTE FUNCTION files.refuse_rewriting();
CREATE TRIGGER links_not_rewritten BEFORE UPDATE OR DELETE OR TRUNCATE ON files.links
  FOR EACH STATEMENT EXECUTE FUNCTION files.refuse_rewriting();

CREATE FUNCTION files.refuse_losing() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF EXISTS (SELECT FROM files.links WHERE file_id = OLD.file_id) THEN
    RAISE EXCEPTION 'file % is held by something', OLD.file_id USING ERRCODE = 'restrict_violation';
  END IF;
  RETURN OLD;
END $$;
CREATE TRIGGER contents_kept BEFORE DELETE ON files.contents FOR EACH ROW EXECUTE FUNCTION files.refuse_losing();
