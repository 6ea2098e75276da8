-- Whose turn it is to do a single job of the cluster, and when it is due, by the time that counts.
create table cluster_job (
  name text primary key,
  owner text not null,
  -- while somebody does it: when others may take it over
  next_at timestamptz not null
) with (fillfactor = 10);
