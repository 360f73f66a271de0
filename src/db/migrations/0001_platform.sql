-- Accounts, the organisation, a bloc's year with its score sheets, and the audit chain.
--
-- What belongs to offices is led by home_id in every key (law 8): the opaque, permanent id given
-- when a root authority is created. Accounts, sessions and settings belong to the installation.
-- Ids are random, made by the program. Days are "2024-12-08"; instants are milliseconds since the
-- epoch, in UTC.

-- ---- the installation -----------------------------------------------------------------------------

-- One row. A demo's database says so, and only such a one may be served in demo mode.
CREATE TABLE installation (
    one BIGINT NOT NULL PRIMARY KEY CHECK (one = 1),
    purpose TEXT NOT NULL CHECK (purpose IN ('office', 'demo')),
    created BIGINT NOT NULL
);

CREATE TABLE account (
    account_id TEXT NOT NULL PRIMARY KEY,
    login TEXT NOT NULL UNIQUE,
    name TEXT NOT NULL,
    -- libsodium's argon2id text; NULL until the one-time link was used.
    password TEXT,
    administrator BIGINT NOT NULL CHECK (administrator IN (0, 1)),
    active BIGINT NOT NULL CHECK (active IN (0, 1)),
    language TEXT NOT NULL CHECK (language IN ('vi', 'en')),
    created BIGINT NOT NULL
);

-- A link with which the account's password is set, once. Only its hash is kept.
CREATE TABLE account_link (
    token_hash TEXT NOT NULL PRIMARY KEY,
    account_id TEXT NOT NULL REFERENCES account (account_id),
    expires BIGINT NOT NULL
);
CREATE INDEX account_link_by_account ON account_link (account_id);

CREATE TABLE session (
    token_hash TEXT NOT NULL PRIMARY KEY,
    account_id TEXT NOT NULL REFERENCES account (account_id),
    created BIGINT NOT NULL,
    seen BIGINT NOT NULL,
    ends BIGINT NOT NULL
);
CREATE INDEX session_by_account ON session (account_id);
CREATE INDEX session_by_end ON session (ends);

-- Failed sign-ins by account and by address. The subject is a hash.
CREATE TABLE throttle (
    subject TEXT NOT NULL PRIMARY KEY,
    failures BIGINT NOT NULL,
    last BIGINT NOT NULL
);
CREATE INDEX throttle_by_last ON throttle (last);

-- ---- the organisation -----------------------------------------------------------------------------

CREATE TABLE home (
    home_id TEXT NOT NULL PRIMARY KEY,
    created BIGINT NOT NULL
);

-- ORG-1: authorities form a tree.
CREATE TABLE authority (
    home_id TEXT NOT NULL REFERENCES home (home_id),
    authority_id TEXT NOT NULL,
    parent_id TEXT,
    name TEXT NOT NULL,
    -- Its council and standing office, as papers name them.
    council TEXT NOT NULL,
    standing_office TEXT NOT NULL,
    version BIGINT NOT NULL,
    PRIMARY KEY (home_id, authority_id),
    FOREIGN KEY (home_id, parent_id) REFERENCES authority (home_id, authority_id)
);
CREATE INDEX authority_by_parent ON authority (home_id, parent_id);

-- What an account may do, and where. scope_id is an authority's (officer, observer) or a unit's
-- (leader, unit_officer).
CREATE TABLE account_role (
    account_id TEXT NOT NULL REFERENCES account (account_id),
    home_id TEXT NOT NULL REFERENCES home (home_id),
    role TEXT NOT NULL CHECK (role IN ('officer', 'observer', 'leader', 'unit_officer')),
    scope_id TEXT NOT NULL,
    PRIMARY KEY (account_id, home_id, role, scope_id)
);
CREATE INDEX account_role_by_scope ON account_role (home_id, scope_id);

CREATE TABLE unit (
    home_id TEXT NOT NULL,
    unit_id TEXT NOT NULL,
    -- The authority that keeps the unit's particulars.
    authority_id TEXT NOT NULL,
    -- Short name for tables: "SCT".
    code TEXT NOT NULL,
    name TEXT NOT NULL,
    version BIGINT NOT NULL,
    PRIMARY KEY (home_id, unit_id),
    UNIQUE (home_id, code),
    FOREIGN KEY (home_id, authority_id) REFERENCES authority (home_id, authority_id)
);
CREATE INDEX unit_by_authority ON unit (home_id, authority_id);

-- ORG-2: a cluster of territories or a bloc of bodies.
CREATE TABLE bloc (
    home_id TEXT NOT NULL,
    bloc_id TEXT NOT NULL,
    kind TEXT NOT NULL CHECK (kind IN ('territorial', 'sectoral')),
    name TEXT NOT NULL,
    version BIGINT NOT NULL,
    PRIMARY KEY (home_id, bloc_id),
    FOREIGN KEY (home_id) REFERENCES home (home_id)
);

-- Which authority answers for a bloc from a day on: delegations come and go without rewriting the
-- bloc.
CREATE TABLE bloc_authority (
    home_id TEXT NOT NULL,
    bloc_id TEXT NOT NULL,
    since TEXT NOT NULL,
    authority_id TEXT NOT NULL,
    PRIMARY KEY (home_id, bloc_id, since),
    FOREIGN KEY (home_id, bloc_id) REFERENCES bloc (home_id, bloc_id),
    FOREIGN KEY (home_id, authority_id) REFERENCES authority (home_id, authority_id)
);
CREATE INDEX bloc_authority_by_authority ON bloc_authority (home_id, authority_id);

-- ---- the rules ------------------------------------------------------------------------------------

-- A regulation's file, byte for byte. It never changes: another text is another row.
CREATE TABLE regulation (
    home_id TEXT NOT NULL,
    regulation_id TEXT NOT NULL,
    authority_id TEXT NOT NULL,
    name TEXT NOT NULL,
    version BIGINT NOT NULL,
    title TEXT NOT NULL,
    sha256 TEXT NOT NULL,
    document BLOB NOT NULL,
    loaded BIGINT NOT NULL,
    PRIMARY KEY (home_id, regulation_id),
    UNIQUE (home_id, authority_id, sha256),
    FOREIGN KEY (home_id, authority_id) REFERENCES authority (home_id, authority_id)
);

-- ---- a bloc's year --------------------------------------------------------------------------------

CREATE TABLE year (
    home_id TEXT NOT NULL,
    year_id TEXT NOT NULL,
    bloc_id TEXT NOT NULL,
    -- "2024", "2022-2023"
    label TEXT NOT NULL,
    first_year BIGINT NOT NULL,
    -- The version that scores it.
    regulation_id TEXT,
    -- The day on which the year is judged; NULL: the day on which one looks.
    as_of TEXT,
    -- USE-4: when the head released the sheets to all members.
    released BIGINT,
    version BIGINT NOT NULL,
    PRIMARY KEY (home_id, year_id),
    UNIQUE (home_id, bloc_id, label),
    FOREIGN KEY (home_id, bloc_id) REFERENCES bloc (home_id, bloc_id),
    FOREIGN KEY (home_id, regulation_id) REFERENCES regulation (home_id, regulation_id)
);
CREATE INDEX year_by_regulation ON year (home_id, regulation_id);

-- ORG-2: membership is by year.
CREATE TABLE member (
    home_id TEXT NOT NULL,
    year_id TEXT NOT NULL,
    unit_id TEXT NOT NULL,
    position BIGINT NOT NULL,
    -- Name and code as they were that year.
    code TEXT NOT NULL,
    name TEXT NOT NULL,
    PRIMARY KEY (home_id, year_id, unit_id),
    UNIQUE (home_id, year_id, code),
    FOREIGN KEY (home_id, year_id) REFERENCES year (home_id, year_id),
    FOREIGN KEY (home_id, unit_id) REFERENCES unit (home_id, unit_id)
);
CREATE INDEX member_by_unit ON member (home_id, unit_id);

-- ORG-3: head and deputy, with their terms. The term that began last counts.
CREATE TABLE year_role (
    home_id TEXT NOT NULL,
    year_id TEXT NOT NULL,
    role TEXT NOT NULL CHECK (role IN ('head', 'deputy')),
    since TEXT NOT NULL,
    unit_id TEXT NOT NULL,
    until TEXT,
    PRIMARY KEY (home_id, year_id, role, since),
    FOREIGN KEY (home_id, year_id, unit_id) REFERENCES member (home_id, year_id, unit_id)
);

-- CRI-5: a unit's target for an item, in the item's units, with its basis.
CREATE TABLE target (
    home_id TEXT NOT NULL,
    year_id TEXT NOT NULL,
    unit_id TEXT NOT NULL,
    item TEXT NOT NULL,
    value BIGINT NOT NULL,
    basis BIGINT NOT NULL,
    PRIMARY KEY (home_id, year_id, unit_id, item),
    FOREIGN KEY (home_id, year_id, unit_id) REFERENCES member (home_id, year_id, unit_id)
);

-- SCO-13: an item that did not arise for a unit, and why.
CREATE TABLE not_arisen (
    home_id TEXT NOT NULL,
    year_id TEXT NOT NULL,
    unit_id TEXT NOT NULL,
    item TEXT NOT NULL,
    reason TEXT NOT NULL,
    PRIMARY KEY (home_id, year_id, unit_id, item),
    FOREIGN KEY (home_id, year_id, unit_id) REFERENCES member (home_id, year_id, unit_id)
);

-- What a year's file holds beside members, targets and sheets (facts, bonuses, votes…): a list of
-- docs/year-format.md in each row, as JSON.
CREATE TABLE year_part (
    home_id TEXT NOT NULL,
    year_id TEXT NOT NULL,
    part TEXT NOT NULL,
    document TEXT NOT NULL,
    PRIMARY KEY (home_id, year_id, part),
    FOREIGN KEY (home_id, year_id) REFERENCES year (home_id, year_id)
);

-- ---- score sheets ---------------------------------------------------------------------------------

-- One rater's sheet about one unit. rater: a member's unit_id; "body"; "panel.N". A sheet begins to
-- exist when something is written on it.
CREATE TABLE sheet (
    home_id TEXT NOT NULL,
    year_id TEXT NOT NULL,
    sheet_id TEXT NOT NULL,
    unit_id TEXT NOT NULL,
    stage TEXT NOT NULL,
    rater TEXT NOT NULL,
    -- USE-10: the officer prepares, the leader submits or returns.
    state TEXT NOT NULL CHECK (state IN ('draft', 'prepared', 'submitted', 'abstained')),
    -- Why it was returned or abstained from; NULL: neither.
    remark TEXT,
    -- The day of submission or abstention.
    submitted TEXT,
    -- Points of what is entered, in the regulation's item units, and items that are entered: of
    -- this sheet alone, kept in the transaction that changes a cell.
    total BIGINT NOT NULL,
    filled BIGINT NOT NULL,
    version BIGINT NOT NULL,
    changed BIGINT NOT NULL,
    changed_by TEXT NOT NULL,
    PRIMARY KEY (home_id, year_id, sheet_id),
    UNIQUE (home_id, year_id, unit_id, stage, rater),
    FOREIGN KEY (home_id, year_id, unit_id) REFERENCES member (home_id, year_id, unit_id)
);

-- An input of a sheet, in the item's units; NULL: emptied (zero is not empty, SCO-12). part: the
-- event of a plus-and-minus item, otherwise 0.
-- rowid: none
CREATE TABLE cell (
    home_id TEXT NOT NULL,
    year_id TEXT NOT NULL,
    sheet_id TEXT NOT NULL,
    item TEXT NOT NULL,
    part BIGINT NOT NULL,
    value BIGINT,
    version BIGINT NOT NULL,
    changed BIGINT NOT NULL,
    changed_by TEXT NOT NULL,
    PRIMARY KEY (home_id, year_id, sheet_id, item, part),
    FOREIGN KEY (home_id, year_id, sheet_id) REFERENCES sheet (home_id, year_id, sheet_id)
);

-- What stands beside an item of a sheet: a note (also the reason for differing from the stage
-- before), and evidence by number and date.
-- rowid: none
CREATE TABLE note (
    home_id TEXT NOT NULL,
    year_id TEXT NOT NULL,
    sheet_id TEXT NOT NULL,
    item TEXT NOT NULL,
    note TEXT NOT NULL,
    evidence TEXT NOT NULL,
    version BIGINT NOT NULL,
    changed BIGINT NOT NULL,
    changed_by TEXT NOT NULL,
    PRIMARY KEY (home_id, year_id, sheet_id, item),
    FOREIGN KEY (home_id, year_id, sheet_id) REFERENCES sheet (home_id, year_id, sheet_id)
);

-- ---- the audit chain (GOV-3, law 9) ---------------------------------------------------------------

-- One chain for each bloc's year (chain: its year_id), one for the rest of each home ("home"), and
-- one for the installation (home_id and chain "installation"). src/office/audit.h specifies what is
-- hashed.
CREATE TABLE audit_entry (
    home_id TEXT NOT NULL,
    chain TEXT NOT NULL,
    seq BIGINT NOT NULL,
    at BIGINT NOT NULL,
    -- Who did it, and the unit or authority for whom; "" where there is none.
    account_id TEXT NOT NULL,
    for_id TEXT NOT NULL,
    verb TEXT NOT NULL,
    object TEXT NOT NULL,
    payload_hash TEXT NOT NULL,
    -- The hash of the entry before, so that a moved entry and an altered one can be told apart.
    previous_hash TEXT NOT NULL,
    hash TEXT NOT NULL,
    PRIMARY KEY (home_id, chain, seq)
);

-- What was there and what is there now, apart from the chain so that it can be erased by law while
-- the chain still holds.
CREATE TABLE audit_payload (
    home_id TEXT NOT NULL,
    chain TEXT NOT NULL,
    seq BIGINT NOT NULL,
    salt TEXT NOT NULL,
    -- NULL: there was nothing; there is nothing any more.
    old_text TEXT,
    new_text TEXT,
    PRIMARY KEY (home_id, chain, seq),
    FOREIGN KEY (home_id, chain, seq) REFERENCES audit_entry (home_id, chain, seq)
);

-- The last entry of each chain: its row is what two writers of one chain meet at.
CREATE TABLE audit_head (
    home_id TEXT NOT NULL,
    chain TEXT NOT NULL,
    seq BIGINT NOT NULL,
    hash TEXT NOT NULL,
    PRIMARY KEY (home_id, chain)
);
