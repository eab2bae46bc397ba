-- The road: organisation, people, laws, lessons, questions, study, practice, contests, credits.
-- One text for SQLite and PostgreSQL. Ids are text (UUIDv7 or a short word), instants are bigint
-- milliseconds UTC, days are text (2026-11-23, Beijing), lists are JSON in text.

create table division (
  code text primary key, -- GB/T 2260
  name text not null,
  level text not null,
  parent_code text
);

create table unit (
  id text primary key,
  parent_id text references unit (id),
  division_code text,
  kind text not null,
  name text not null,
  position bigint not null
);
create index unit_parent on unit (parent_id, position);

create table unit_ancestor (
  ancestor_id text not null references unit (id),
  unit_id text not null references unit (id),
  depth bigint not null, -- 0 is the unit itself
  primary key (ancestor_id, unit_id)
);
create index unit_ancestor_unit on unit_ancestor (unit_id, depth);

create table learner (
  id text primary key,
  name text not null,
  phone text unique,
  staff_number text unique,
  password_hash text not null,
  must_change_password boolean not null,
  language text,
  type_size bigint not null default 100, -- per cent
  created_at bigint not null
);

create table membership (
  id text primary key,
  learner_id text not null references learner (id),
  unit_id text not null references unit (id),
  from_at bigint not null,
  until_at bigint
);
create index membership_learner on membership (learner_id, from_at);
create index membership_unit on membership (unit_id, from_at);

create table role_grant (
  learner_id text not null references learner (id),
  role text not null,
  unit_id text not null references unit (id),
  primary key (learner_id, role, unit_id)
);

create table session (
  token_hash text primary key,
  learner_id text not null references learner (id),
  created_at bigint not null,
  seen_at bigint not null,
  expires_at bigint not null
);
create index session_learner on session (learner_id);

create table sign_in_failure (
  account_hash text primary key,
  failures bigint not null,
  last_at bigint not null
);

create table client_event (
  id text primary key,
  learner_id text not null references learner (id),
  kind text not null,
  received_at bigint not null,
  outcome text
);

create table law (
  slug text primary key,
  title text not null,
  category text not null
);

create table law_version (
  id text primary key,
  law_slug text not null references law (slug),
  version_date text not null, -- '' where the text gives none
  effective_date text,
  unique (law_slug, version_date)
);

create table law_part (
  id text primary key,
  version_id text not null references law_version (id),
  name text not null, -- '' for a law in one piece
  position bigint not null,
  history text not null,
  source_file text not null,
  source_hash text not null,
  unique (version_id, name)
);

create table law_node (
  id text primary key,
  part_id text not null references law_part (id),
  version_id text not null references law_version (id),
  position bigint not null,
  kind text not null, -- heading, article, text
  depth bigint not null,
  level text not null,
  label text not null,
  title text not null,
  section bigint not null, -- position of the heading that the node stands under, within the part
  base bigint,
  sub bigint,
  html text not null
);
create index law_node_part on law_node (part_id, position);
create index law_node_article on law_node (version_id, base, sub);

create table topic (
  id text primary key,
  name text not null,
  summary text not null,
  position bigint not null
);

create table question (
  id text primary key,
  topic_id text not null references topic (id),
  kind text not null,
  difficulty bigint not null,
  stem text not null,
  options text not null,
  answer_key text not null,
  explanation text not null,
  family text
);
create index question_topic on question (topic_id);

create table question_citation (
  question_id text not null references question (id),
  law_slug text not null references law (slug),
  version_date text not null,
  base bigint not null,
  sub bigint not null,
  primary key (question_id, law_slug, base, sub)
);

create table lesson (
  id text primary key,
  topic_id text not null references topic (id),
  kind text not null, -- text, video, case
  title text not null,
  summary text not null,
  html text not null,
  length_ms bigint not null,
  share bigint not null, -- thousandths that must be covered
  video text,
  position bigint not null
);
create index lesson_topic on lesson (topic_id, position);

create table lesson_citation (
  lesson_id text not null references lesson (id),
  law_slug text not null references law (slug),
  base bigint not null,
  sub bigint not null,
  primary key (lesson_id, law_slug, base, sub)
);

create table lesson_check (
  lesson_id text not null references lesson (id),
  question_id text not null references question (id),
  position bigint not null,
  primary key (lesson_id, question_id)
);

create table lesson_check_answer (
  lesson_id text not null references lesson (id),
  question_id text not null references question (id),
  learner_id text not null references learner (id),
  is_right boolean not null,
  answered_at bigint not null,
  primary key (learner_id, lesson_id, question_id)
);

create table lesson_completion (
  learner_id text not null references learner (id),
  lesson_id text not null references lesson (id),
  completed_at bigint not null,
  primary key (learner_id, lesson_id)
);

create table study_day (
  learner_id text not null references learner (id),
  day text not null,
  spans text not null,
  total_ms bigint not null,
  primary key (learner_id, day)
);

create table study_progress (
  learner_id text not null references learner (id),
  subject text not null, -- lesson:ID or law:SLUG
  studied_ms bigint not null,
  watched text not null,
  watched_ms bigint not null,
  updated_at bigint not null,
  primary key (learner_id, subject)
);
create index study_progress_recent on study_progress (learner_id, updated_at);

create table reading_place (
  learner_id text not null references learner (id),
  law_slug text not null references law (slug),
  version_date text not null,
  address text not null,
  read_at bigint not null,
  primary key (learner_id, law_slug)
);
create index reading_place_recent on reading_place (learner_id, read_at);

create table practice_day (
  learner_id text not null references learner (id),
  day text not null,
  questions text not null,
  primary key (learner_id, day)
);

create table practice_answer (
  learner_id text not null references learner (id),
  day text not null,
  question_id text not null references question (id),
  answer text not null,
  is_right boolean not null,
  answered_at bigint not null,
  primary key (learner_id, day, question_id)
);
create index practice_answer_question on practice_answer (learner_id, question_id);

create table contest (
  id text primary key,
  kind text not null, -- themed; later special, team
  title text not null,
  summary text not null,
  unit_id text not null references unit (id), -- who may enter: this subtree
  opens_at bigint not null,
  closes_at bigint not null,
  rules text not null,
  posted_at bigint -- when the bonus credits were posted
);

create table contest_attempt (
  id text primary key,
  contest_id text not null references contest (id),
  learner_id text not null references learner (id),
  unit_id text references unit (id), -- as it was at the start
  number bigint not null,
  seed bigint not null,
  paper text not null,
  started_at bigint not null,
  deadline_at bigint not null,
  submitted_at bigint,
  answered bigint not null,
  points bigint not null,
  time_ms bigint not null,
  unique (contest_id, learner_id, number)
);

create table contest_answer (
  attempt_id text not null references contest_attempt (id),
  question_id text not null references question (id),
  revision bigint not null,
  event_id text not null,
  answer text not null,
  is_right boolean not null,
  received_at bigint not null,
  primary key (attempt_id, question_id)
);

create table contest_standing (
  contest_id text not null references contest (id),
  learner_id text not null references learner (id),
  unit_id text references unit (id),
  prefecture_id text references unit (id),
  attempt_id text not null references contest_attempt (id),
  answered bigint not null,
  points bigint not null,
  time_ms bigint not null,
  primary key (contest_id, learner_id)
);
create index contest_standing_rank on contest_standing (contest_id, points, time_ms);
create index contest_standing_unit on contest_standing (contest_id, unit_id, points, time_ms);
create index contest_standing_prefecture on contest_standing (contest_id, prefecture_id, points, time_ms);

create table credit_policy (
  version bigint primary key,
  policy text not null,
  changed_by text references learner (id),
  changed_at bigint not null,
  reason text not null
);

create table credit_entry (
  id text primary key,
  learner_id text not null references learner (id),
  year bigint not null,
  day text not null,
  source text not null,
  amount bigint not null,
  reason text not null, -- names a sentence of the interface
  detail text not null, -- what stands in it
  event_id text not null, -- what earned it
  created_at bigint not null,
  unique (learner_id, event_id)
);
create index credit_entry_day on credit_entry (learner_id, year, created_at);

create table credit_sum (
  learner_id text not null references learner (id),
  period text not null, -- 2026, or 2026-11-23
  source text not null,
  amount bigint not null,
  primary key (learner_id, period, source)
);
