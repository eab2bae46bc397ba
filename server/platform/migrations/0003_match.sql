-- Live matches of team challenges: what each is made of, and its log.
create table live_match (
  id text primary key,
  title text not null,
  setup text not null,
  secrets text not null, -- keys of the answers, for the server alone
  words text not null, -- the questions as they were when the match was made
  seal text not null, -- what the questions' words are sealed with
  number bigint not null, -- of the last event
  created_at bigint not null
);

-- A row is what one transaction wrote: events that follow each other, the first of which has the number.
create table live_match_event (
  match_id text not null references live_match (id),
  number bigint not null,
  events text not null,
  primary key (match_id, number)
);
