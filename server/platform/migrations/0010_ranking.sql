-- Rankings: what a standing was when the public board froze, and a count that tells ladders in memory of removals.

alter table contest_standing add column frozen_at bigint; -- of the first change after the freeze; null while it is as it was
alter table contest_standing add column frozen_answered bigint; -- null where nobody stood yet
alter table contest_standing add column frozen_points bigint;
alter table contest_standing add column frozen_time_ms bigint;

alter table contest add column standing_removals bigint not null default 0; -- a row that is gone has no changed_at
