-- Contests in full: kinds, drafts, finals, practice, the bank as it was frozen, invitations.

alter table contest add column is_draft boolean not null default false; -- only its editors see it
alter table contest add column secret bigint not null default 0; -- what seeds of papers are made with
alter table contest add column open_round_id text references contest (id); -- whose qualified enter this final
alter table contest add column reviewed_at bigint; -- since when its results are final

-- The questions of a contest as they were when it was made: the bank may change, the contest not.
create table contest_question (
  contest_id text not null references contest (id),
  question_id text not null references question (id),
  topic_id text not null,
  kind text not null,
  difficulty bigint not null,
  stem text not null,
  options text not null,
  answer_key text not null,
  explanation text not null,
  family text,
  primary key (contest_id, question_id)
);

-- Who may enter a contest by invitation.
create table contest_listed (
  contest_id text not null references contest (id),
  learner_id text not null references learner (id),
  primary key (contest_id, learner_id)
);

-- The number of a practice attempt counts down from -1, so that it takes none from those that count.
alter table contest_attempt add column purpose text not null default 'rank';

alter table contest_standing add column county_id text references unit (id);
alter table contest_standing add column changed_at bigint not null default 0;
create index contest_standing_changed on contest_standing (contest_id, changed_at);

alter table learner add column post text; -- level of the post, where the register has it
