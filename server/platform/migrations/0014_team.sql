-- Every change of a team, on record: after registration ends an administrator may still change one.

create table contest_team_change (
  id text primary key, -- of the event that asked for it
  team_id text not null references contest_team (id),
  what text not null, -- register, or as `domain::contest::team::Change`
  whom text references learner (id), -- another than who made it
  made_by text not null references learner (id),
  made_at bigint not null
);
create index contest_team_change_team on contest_team_change (team_id, made_at);
