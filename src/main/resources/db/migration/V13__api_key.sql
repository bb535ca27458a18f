-- How much whoever has the key may ask for, null for no bounds, and how often the key itself was changed.
alter table sluice.api_key add column quotas json;
alter table sluice.api_key add column version bigint not null default 0;
