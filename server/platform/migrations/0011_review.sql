-- After a contest closes: objections and their answers, rulings and what they moved, the line as
-- it was moved, results made final. Rows are added; what was decided is never edited.

create table contest_reply (
  id text primary key,
  contest_id text not null references contest (id),
  question_id text not null,
  words text not null,
  replied_by text not null references learner (id),
  replied_at bigint not null
);
create index contest_reply_question on contest_reply (contest_id, question_id, replied_at);

create table contest_objection (
  id text primary key,
  contest_id text not null references contest (id),
  question_id text not null,
  learner_id text not null references learner (id),
  attempt_id text not null references contest_attempt (id),
  ground text not null, -- wrong-key, ambiguous, law-changed, other
  words text not null,
  made_at bigint not null,
  reply_id text references contest_reply (id) -- null while it is open
);
create unique index contest_objection_open on contest_objection (contest_id, question_id, learner_id)
  where reply_id is null;
create index contest_objection_question on contest_objection (contest_id, question_id, made_at);
create index contest_objection_learner on contest_objection (learner_id, made_at);

-- A ruling, or a ruling taken back, and how far its re-scoring has come.
create table contest_correction (
  contest_id text not null references contest (id),
  number bigint not null, -- from 1
  question_id text not null,
  ruling text, -- null where one is taken back
  takes_back bigint, -- the number of the one that is taken back
  reason text not null,
  decided_by text not null references learner (id),
  decided_at bigint not null,
  after_final boolean not null, -- whether the results were final already
  points_moved bigint not null, -- learners, as are the next two
  ranks_moved bigint not null,
  credits_moved bigint not null,
  credits_added bigint not null,
  credits_taken bigint not null,
  done_until text not null, -- the last learner who is re-scored, '' before the first
  done_at bigint, -- null while it is on its way
  primary key (contest_id, number)
);
create index contest_correction_question on contest_correction (question_id);

-- What a correction moved for a learner.
create table contest_change (
  contest_id text not null,
  number bigint not null,
  learner_id text not null references learner (id),
  rank_before bigint not null,
  rank_after bigint not null,
  points_before bigint not null,
  points_after bigint not null,
  credits bigint not null,
  primary key (contest_id, number, learner_id),
  foreign key (contest_id, number) references contest_correction (contest_id, number)
);
create index contest_change_learner on contest_change (learner_id, contest_id);

create table contest_line_move (
  contest_id text not null references contest (id),
  number bigint not null, -- from 1
  line text not null,
  reason text not null,
  moved_by text not null references learner (id),
  moved_at bigint not null,
  primary key (contest_id, number)
);

-- Results made final, and made provisional again.
create table contest_review (
  contest_id text not null references contest (id),
  number bigint not null, -- from 1
  is_final boolean not null,
  reason text not null, -- '' where none was needed
  unanswered bigint not null, -- objections without an answer at that time
  decided_by text not null references learner (id),
  decided_at bigint not null,
  primary key (contest_id, number)
);
