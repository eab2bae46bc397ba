-- One row that counts every change to the laws, so that what was made from them can be kept until the next.
create table law_revision (
  one bigint primary key check (one = 1),
  revision bigint not null
);
insert into law_revision (one, revision) values (1, 1);
