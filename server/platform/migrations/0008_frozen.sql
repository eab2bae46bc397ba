-- The bank of a contest as it was frozen, with what its questions cite.

-- A random number for each freezing, so that what is kept in memory is never mistaken for another; null before the first.
alter table contest add column frozen_as bigint;

create table contest_question_citation (
  contest_id text not null references contest (id),
  question_id text not null references question (id),
  law_slug text not null references law (slug),
  base bigint not null,
  sub bigint not null,
  primary key (contest_id, question_id, law_slug, base, sub)
);
