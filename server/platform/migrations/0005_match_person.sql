-- Who plays in a match, sits on its bench or may lead it: what a person's list of matches is made of.
create table live_match_person (
  match_id text not null references live_match (id),
  learner_id text not null,
  leads boolean not null,
  primary key (match_id, learner_id)
);
create index live_match_person_learner on live_match_person (learner_id, match_id);
