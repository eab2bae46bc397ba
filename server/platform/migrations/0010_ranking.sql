-- Rankings: what a standing was when the public board froze.

alter table contest_standing add column frozen_at bigint; -- of the first change after the freeze; null while it is as it was
alter table contest_standing add column frozen_answered bigint; -- null where nobody stood yet
alter table contest_standing add column frozen_points bigint;
alter table contest_standing add column frozen_time_ms bigint;
