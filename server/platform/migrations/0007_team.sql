-- Teams (代表队) of team challenges, and the matches that they meet in.

create table contest_team (
  id text primary key,
  contest_id text not null references contest (id),
  unit_id text not null references unit (id), -- the unit that sends it
  name text not null,
  captain_id text not null references learner (id),
  invitation text not null unique, -- the code in the link by which members come
  state text not null, -- open, handed-in, approved, refused
  note text not null, -- why it was refused, '' otherwise
  created_at bigint not null,
  decided_by text references learner (id),
  decided_at bigint
);
create index contest_team_contest on contest_team (contest_id, state);

create table contest_team_member (
  contest_id text not null references contest (id),
  learner_id text not null references learner (id),
  team_id text not null references contest_team (id),
  seat text not null, -- member, substitute
  position bigint not null,
  joined_at bigint not null,
  primary key (contest_id, learner_id) -- in one team a contest
);
create index contest_team_member_team on contest_team_member (team_id, position);

create table contest_match (
  match_id text primary key references live_match (id),
  contest_id text not null references contest (id),
  round bigint not null, -- of the bracket, from 1
  position bigint not null, -- in its round, from 0
  places bigint not null -- how many of its teams go on
);
create index contest_match_contest on contest_match (contest_id, round, position);
