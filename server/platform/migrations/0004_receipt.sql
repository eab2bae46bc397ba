-- Answers that came after the time was over: kept and marked, they never count.
create table contest_late_answer (
  attempt_id text not null references contest_attempt (id),
  question_id text not null references question (id),
  revision bigint not null,
  answer text not null,
  received_at bigint not null,
  primary key (attempt_id, question_id)
);

-- What receipts are signed with: one key for the whole product, made when the first receipt is asked for.
create table signing_key (
  one bigint primary key check (one = 1),
  seed text not null,
  made_at bigint not null
);
