-- Whose the fencing token is: whoever has opened the partition, where senders say who they are. Null where nobody has
-- said so, and after acts of operators: then it is taken from whoever may write.
alter table sluice.snapshot add column opened_by text;
