-- What the migrations make of an empty SQLite database; a test holds both to be the same, but for spaces.
CREATE TABLE alembic_version (
    version_num VARCHAR(32) NOT NULL,
    CONSTRAINT alembic_version_pkc PRIMARY KEY (version_num)
);

CREATE TABLE alerts (
    id VARCHAR NOT NULL,
    page VARCHAR NOT NULL,
    state VARCHAR NOT NULL,
    raised VARCHAR NOT NULL,
    data TEXT NOT NULL,
    CONSTRAINT pk_alerts PRIMARY KEY (id)
);

CREATE INDEX ix_alerts_state_raised_id ON alerts (state, raised, id);

CREATE TABLE captures (
    "key" BLOB NOT NULL,
    file TEXT NOT NULL,
    CONSTRAINT pk_captures PRIMARY KEY ("key")
) WITHOUT ROWID;

CREATE TABLE changes (
    page VARCHAR NOT NULL,
    at VARCHAR NOT NULL,
    capture VARCHAR NOT NULL,
    data BLOB NOT NULL,
    CONSTRAINT pk_changes PRIMARY KEY (page, at, capture)
);

CREATE TABLE checks (
    page VARCHAR NOT NULL,
    first VARCHAR NOT NULL,
    last VARCHAR NOT NULL,
    count INTEGER NOT NULL,
    outcome VARCHAR NOT NULL,
    detail TEXT NOT NULL,
    capture VARCHAR,
    packed BLOB NOT NULL,
    CONSTRAINT pk_checks PRIMARY KEY (page, first)
) WITHOUT ROWID;

CREATE TABLE events (
    "key" VARCHAR NOT NULL,
    CONSTRAINT pk_events PRIMARY KEY ("key")
) WITHOUT ROWID;

CREATE TABLE histories (
    page VARCHAR NOT NULL,
    rules VARCHAR NOT NULL,
    stamp INTEGER NOT NULL,
    data BLOB NOT NULL,
    CONSTRAINT pk_histories PRIMARY KEY (page)
);

CREATE TABLE notes (
    "key" VARCHAR NOT NULL,
    value TEXT NOT NULL,
    CONSTRAINT pk_notes PRIMARY KEY ("key")
);

CREATE TABLE posts (
    id INTEGER NOT NULL,
    alert VARCHAR NOT NULL,
    subscriber VARCHAR NOT NULL,
    edition VARCHAR NOT NULL,
    state VARCHAR NOT NULL,
    attempt INTEGER NOT NULL,
    due VARCHAR,
    detail TEXT NOT NULL,
    CONSTRAINT pk_posts PRIMARY KEY (id),
    CONSTRAINT uq_posts_alert_subscriber_edition UNIQUE (alert, subscriber, edition)
);

CREATE INDEX ix_posts_state_due ON posts (state, due);

CREATE INDEX ix_posts_subscriber ON posts (subscriber);

CREATE TABLE reviews (
    id INTEGER NOT NULL,
    alert VARCHAR NOT NULL,
    "before" VARCHAR NOT NULL,
    "after" VARCHAR NOT NULL,
    who VARCHAR NOT NULL,
    at VARCHAR NOT NULL,
    reason TEXT NOT NULL,
    CONSTRAINT pk_reviews PRIMARY KEY (id)
);

CREATE INDEX ix_reviews_alert ON reviews (alert);

CREATE TABLE sightings (
    page VARCHAR NOT NULL,
    month VARCHAR NOT NULL,
    last VARCHAR NOT NULL,
    packed BLOB NOT NULL,
    CONSTRAINT pk_sightings PRIMARY KEY (page, month)
) WITHOUT ROWID;

CREATE TABLE standings (
    page VARCHAR NOT NULL,
    changed VARCHAR,
    procedure TEXT NOT NULL,
    CONSTRAINT pk_standings PRIMARY KEY (page)
);

CREATE TABLE subscribers (
    id INTEGER NOT NULL,
    subscriber VARCHAR NOT NULL,
    address VARCHAR NOT NULL,
    data TEXT NOT NULL,
    CONSTRAINT pk_subscribers PRIMARY KEY (id),
    CONSTRAINT uq_subscribers_address UNIQUE (address),
    CONSTRAINT uq_subscribers_subscriber UNIQUE (subscriber)
);

CREATE TABLE versions (
    id INTEGER NOT NULL,
    page VARCHAR NOT NULL,
    at VARCHAR NOT NULL,
    capture VARCHAR NOT NULL,
    fingerprint VARCHAR NOT NULL,
    kind VARCHAR NOT NULL,
    level VARCHAR NOT NULL,
    summary TEXT NOT NULL,
    effort TEXT,
    CONSTRAINT pk_versions PRIMARY KEY (id),
    CONSTRAINT uq_versions_page_at_capture UNIQUE (page, at, capture)
);

CREATE TRIGGER reviews_stay BEFORE UPDATE ON reviews BEGIN SELECT RAISE(ABORT, 'reviews are never rewritten'); END;

CREATE TRIGGER reviews_last BEFORE DELETE ON reviews BEGIN SELECT RAISE(ABORT, 'reviews are never rewritten'); END;

CREATE TABLE outages (
    page VARCHAR NOT NULL,
    since VARCHAR NOT NULL,
    warned VARCHAR NOT NULL,
    relieved VARCHAR,
    CONSTRAINT pk_outages PRIMARY KEY (page, since)
) WITHOUT ROWID;

CREATE TABLE feeds (
    feed VARCHAR NOT NULL,
    etag TEXT NOT NULL,
    modified TEXT NOT NULL,
    capture VARCHAR NOT NULL,
    at VARCHAR NOT NULL,
    CONSTRAINT pk_feeds PRIMARY KEY (feed)
);

CREATE TABLE entries (
    feed VARCHAR NOT NULL,
    entry VARCHAR NOT NULL,
    CONSTRAINT pk_entries PRIMARY KEY (feed, entry)
) WITHOUT ROWID;

CREATE TABLE nudges (
    page VARCHAR NOT NULL,
    at VARCHAR NOT NULL,
    CONSTRAINT pk_nudges PRIMARY KEY (page)
);

CREATE TABLE rules (
    id VARCHAR NOT NULL,
    at VARCHAR NOT NULL,
    data TEXT NOT NULL,
    CONSTRAINT pk_rules PRIMARY KEY (id)
);

CREATE TABLE pins (
    id VARCHAR NOT NULL,
    at VARCHAR NOT NULL,
    data TEXT NOT NULL,
    CONSTRAINT pk_pins PRIMARY KEY (id)
);

CREATE TABLE maintainers (
    name VARCHAR NOT NULL,
    password VARCHAR NOT NULL,
    data TEXT NOT NULL,
    CONSTRAINT pk_maintainers PRIMARY KEY (name)
);

CREATE TABLE sessions (
    digest VARCHAR NOT NULL,
    name VARCHAR NOT NULL,
    ends VARCHAR NOT NULL,
    data TEXT NOT NULL,
    CONSTRAINT pk_sessions PRIMARY KEY (digest)
);

CREATE INDEX ix_sessions_name ON sessions (name);

CREATE TABLE hosts (
    host VARCHAR NOT NULL,
    data TEXT NOT NULL,
    CONSTRAINT pk_hosts PRIMARY KEY (host)
);

CREATE TABLE texts (
    fingerprint VARCHAR NOT NULL,
    data BLOB NOT NULL,
    CONSTRAINT pk_texts PRIMARY KEY (fingerprint)
);

CREATE TABLE newest (
    page VARCHAR NOT NULL,
    rules VARCHAR NOT NULL,
    capture VARCHAR NOT NULL,
    data TEXT NOT NULL,
    CONSTRAINT pk_newest PRIMARY KEY (page)
);
