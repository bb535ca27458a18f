-- What each sink's target was recognised by when it was last found to be the one that has the acknowledged records.
create table sluice.target (
    sink          text        primary key,
    identity      text        not null,
    recognised_at timestamptz not null default now()
);
