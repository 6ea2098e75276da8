-- What the operators' view reads: the open grants each few seconds, and the latest ends.
create index access_grant_open on access_grant (target) where ended_at is null;
create index access_grant_ended on access_grant (ended_at desc) where state = 'ENDED';
