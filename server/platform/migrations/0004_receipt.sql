-- What receipts are signed with: one key for the whole product, made when the first receipt is asked for.
create table signing_key (
  one bigint primary key check (one = 1),
  seed text not null,
  made_at bigint not null
);
