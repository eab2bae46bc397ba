-- The day of a group challenge: what is composed, what was drawn, how ties were settled, the result.

-- How a match stands, kept with each of its steps, so that a day need not read its matches' logs.
alter table live_match add column begun_at bigint; -- since when it can not be unmade
alter table live_match add column finished_at bigint; -- or corrected last; null again when that is undone
alter table live_match add column result text; -- points of its teams, while it is finished

create table contest_day (
  contest_id text primary key references contest (id),
  programme text not null, -- of the next round that is drawn
  hosts text not null, -- who may be given a match to lead
  lot bigint not null, -- what seeds by lot are drawn with: once a contest, so that no draw is tried twice
  places text, -- of all teams, as they were declared
  declared_by text references learner (id),
  declared_at bigint
);

create table contest_round (
  contest_id text not null references contest (id),
  round bigint not null, -- from 1
  form text not null, -- knockout, groups, one
  seeding text not null, -- how the teams were put in order, and in which
  drawn text not null, -- who meets whom: a list of lists of teams; one alone goes on without playing
  places bigint not null, -- how many go on from each
  programme text not null,
  hosts text not null, -- of each match
  made_by text not null references learner (id),
  made_at bigint not null,
  primary key (contest_id, round)
);

alter table contest_match add column decides_id text references live_match (id); -- whose tie it is played for
alter table contest_match add column settled text; -- who of the tied goes on by decision
alter table contest_match add column settled_why text;
alter table contest_match add column settled_by text references learner (id);
alter table contest_match add column settled_at bigint;
