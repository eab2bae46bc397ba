-- Quick matches (快速对战): how strong a learner is, where they are now, what they played.

create table quick_rating (
  learner_id text primary key references learner (id),
  rating bigint not null, -- on Glicko-2's scale, in thousandths of a point
  deviation bigint not null, -- of the rating, in thousandths of a point
  volatility bigint not null, -- in millionths
  played bigint not null -- matches that counted
);

-- A room that is entered by its code.
create table quick_room (
  code text primary key,
  owner_id text not null references learner (id),
  created_at bigint not null
);

-- Where a learner is: waiting for opponents (no room, no match), in a room, or in a match. One place at a time.
create table quick_place (
  learner_id text primary key references learner (id),
  room text references quick_room (code),
  match_id text references live_match (id),
  since bigint not null,
  seen_at bigint not null -- when their page asked last
);
create index quick_place_room on quick_place (room);
create index quick_place_match on quick_place (match_id);

-- How often a learner asked in the minute that stands there.
create table quick_ask (
  learner_id text primary key references learner (id),
  minute bigint not null,
  asked bigint not null
);

create table quick_match (
  match_id text primary key references live_match (id),
  state text not null, -- running, finished, abandoned
  made_at bigint not null,
  settled_at bigint
);
create index quick_match_state on quick_match (state);

create table quick_player (
  match_id text not null references quick_match (match_id),
  learner_id text not null references learner (id),
  rank bigint, -- null until the match is settled, and for who did not come
  points bigint not null, -- in tenths
  rating bigint, -- after the match, as in quick_rating; null where it did not count
  deviation bigint,
  volatility bigint,
  credits bigint not null,
  primary key (match_id, learner_id)
);
create index quick_player_learner on quick_player (learner_id, match_id);
