-- Creates what the id server needs in MySQL or MariaDB:
--   mysql < deploy/counter.sql
-- The server creates the table itself where it is missing; it never creates the schema or a user.
-- Another schema than id_counter: change the name here and "dbname" in the configuration.

CREATE DATABASE IF NOT EXISTS id_counter CHARACTER SET utf8mb4;

USE id_counter;

-- One row for each counter of each server. Names are bytes of UTF-8, so that no collation takes two
-- names for one. To read them:
--   SELECT CONVERT(rule_name USING utf8mb4), CONVERT(app_name USING utf8mb4), node_offset, reserved
--   FROM id_server_counter;
-- period:    start of the period the reservation is for, seconds since 1970-01-01T00:00 local time;
--            of a fiscal year or quarter, that of the calendar year or quarter of its name
-- period_end: when that period ends, as numbers were reserved in it, on the same clock; 0 where it is not known. A rule that is
--            given a shorter period goes on with its numbers while that one began before
-- reserved:  the highest number promised in it; ids up to it may have been issued
-- node_offset: whose it is; -1 for the one that all servers share, of a rule with "allocation": "shared",
--            "strict" or "gap_free"
-- last_time: when it was reserved, seconds since 1970-01-01T00:00Z; 0 where its server has not yet,
--            and was told by an import which numbers are in use elsewhere
-- id_step:   among how many servers its numbers are shared out; 0 where an earlier version wrote it: id_step of id_server_node
-- version:   counts the changes; a change is made only by who read the row as it stands
CREATE TABLE IF NOT EXISTS id_server_counter (
  rule_name   VARBINARY(255) NOT NULL,
  app_name    VARBINARY(255) NOT NULL,
  node_offset INT            NOT NULL,
  period      BIGINT         NOT NULL,
  period_end  BIGINT         NOT NULL DEFAULT 0,
  reserved    BIGINT         NOT NULL,
  last_time   BIGINT         NOT NULL,
  id_step     INT            NOT NULL DEFAULT 0,
  version     BIGINT         NOT NULL,
  PRIMARY KEY (rule_name, app_name, node_offset)
) ENGINE = InnoDB;

-- One row for each rule: what its numbers and time ids were made with. A server that comes with anything else does not start, as
-- ids could come twice. Empty where a rule has none.
-- allocation: interleaved (each server has rows of its own in id_server_counter), shared (one with node_offset -1),
--             strict (the same, and each request has its numbers from there), or gap_free (the same, and whose the numbers are in id_server_held)
-- layout:     of its time ids
-- epoch:      of its time ids, milliseconds since 1970-01-01T00:00Z
CREATE TABLE IF NOT EXISTS id_server_rule (
  rule_name  VARBINARY(255) NOT NULL,
  allocation VARCHAR(16)    NOT NULL,
  layout     VARCHAR(16)    NOT NULL,
  epoch      BIGINT         NOT NULL,
  version    BIGINT         NOT NULL,
  PRIMARY KEY (rule_name)
) ENGINE = InnoDB;

-- Of counters of rules with "allocation": "gap_free": whose each number is. One row for each number that is not confirmed, and for
-- each that was in the last day; the rows of older ones are used again, and none is ever deleted.
-- slot:       tells the rows of a counter apart
-- state:      HELD (a request has it, and has to confirm it), FREE (the next request gets it, in the same period), CONFIRMED (in use
--             for good), DOUBTFUL (the database came back older than what was given; it may be in use, and is given to nobody);
--             CHANGES in slot 0, whose number tells how often anything of the counter has changed
-- request_id: by which its request named it, bytes of UTF-8; NULL when it is nobody's
-- id_text:    the id that was made of it, bytes of UTF-8
-- made_at:    the moment of that, seconds since 1970-01-01T00:00Z
-- held_until: when a HELD one goes to the next request, and when the row of a CONFIRMED one may be used again; seconds since
--             1970-01-01T00:00Z by the database's clock
CREATE TABLE IF NOT EXISTS id_server_held (
  rule_name  VARBINARY(255) NOT NULL,
  app_name   VARBINARY(255) NOT NULL,
  slot       BIGINT         NOT NULL,
  period     BIGINT         NOT NULL,
  number     BIGINT         NOT NULL,
  state      VARCHAR(16)    NOT NULL,
  request_id VARBINARY(64),
  id_text    VARBINARY(256) NOT NULL,
  made_at    BIGINT         NOT NULL,
  held_until BIGINT         NOT NULL,
  version    BIGINT         NOT NULL,
  PRIMARY KEY (rule_name, app_name, slot),
  UNIQUE KEY id_server_held_request (rule_name, app_name, request_id),
  UNIQUE KEY id_server_held_number (rule_name, app_name, period, number),
  KEY id_server_held_state (rule_name, app_name, state, held_until)
) ENGINE = InnoDB;

-- One row for each server: id_step and time zone decide which numbers are whose and of which day, so
-- a server that comes back with others does not start. The rest tells who holds the offset: two
-- servers cannot be one node at once.
-- started:     when it started, seconds since 1970-01-01T00:00Z by the database's clock
-- instance:    tells the high-water file in its data directory from all others
-- owner:       tells its process from all others; empty when it has stopped
-- lease_until: until when it holds the offset unless it renews that; the same clock
CREATE TABLE IF NOT EXISTS id_server_node (
  node_offset INT          NOT NULL,
  id_step     INT          NOT NULL,
  time_zone   VARCHAR(64)  NOT NULL,
  started     BIGINT       NOT NULL,
  instance    VARCHAR(36)  NOT NULL DEFAULT '',
  owner       VARCHAR(36)  NOT NULL DEFAULT '',
  host        VARCHAR(255) NOT NULL DEFAULT '',
  pid         BIGINT       NOT NULL DEFAULT 0,
  data_dir    VARCHAR(255) NOT NULL DEFAULT '',
  lease_until BIGINT       NOT NULL DEFAULT 0,
  version     BIGINT       NOT NULL,
  PRIMARY KEY (node_offset)
) ENGINE = InnoDB;

-- A table of a version before the lease gets its columns from the first server that starts, where
-- the user may ALTER, or else by:
--   ALTER TABLE id_server_node ADD COLUMN (instance VARCHAR(36) NOT NULL DEFAULT '',
--     owner VARCHAR(36) NOT NULL DEFAULT '', host VARCHAR(255) NOT NULL DEFAULT '',
--     pid BIGINT NOT NULL DEFAULT 0, data_dir VARCHAR(255) NOT NULL DEFAULT '',
--     lease_until BIGINT NOT NULL DEFAULT 0);
-- And one of a version before the end of the period likewise, or by:
--   ALTER TABLE id_server_counter ADD COLUMN period_end BIGINT NOT NULL DEFAULT 0;
-- And one of a version before servers could become more while they run likewise, or by:
--   ALTER TABLE id_server_counter ADD COLUMN id_step INT NOT NULL DEFAULT 0;

-- The user of the configuration needs no more than this (CREATE only where the table is missing):
-- CREATE USER 'dev'@'localhost' IDENTIFIED BY 'dev';
-- GRANT SELECT, INSERT, UPDATE, CREATE ON id_counter.* TO 'dev'@'localhost';
