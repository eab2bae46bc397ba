-- Certificates of closed contests, as they were when they were first asked for: they never change, but a correction of the
-- rank supersedes them.
create table contest_certificate (
  code text primary key,
  contest_id text not null references contest (id),
  learner_id text not null references learner (id),
  title text not null, -- of the contest, and the name and the unit of the learner, as they were then
  name text not null,
  unit text not null,
  honour text not null, -- rank, part
  rank bigint not null,
  among bigint not null, -- of how many
  points bigint not null,
  made_at bigint not null,
  superseded_at bigint,
  superseded_by text references contest_certificate (code) -- none when nothing is left to attest
);
create unique index contest_certificate_one on contest_certificate (contest_id, learner_id) where superseded_at is null;
create index contest_certificate_learner on contest_certificate (learner_id, contest_id);
create index contest_standing_learner on contest_standing (learner_id);
