-- The demo's target: a small shop's database, as its owner would have made it before Curfew came.
-- Run once, as superuser, in the empty database "orders". Three group roles exist that nobody can
-- log in as; Curfew makes people members of them for a while.

create role orders_read nologin;
create role orders_write nologin;
create role orders_owner nologin;

grant create, usage on schema public to orders_owner;
grant usage on schema public to orders_read, orders_write;
grant create on database orders to orders_owner;

set role orders_owner;

create table customers (
  id         integer generated always as identity primary key,
  name       text        not null,
  email      text        not null unique,
  city       text        not null,
  country    text        not null,
  created_at timestamptz not null
);

create table products (
  id         integer generated always as identity primary key,
  sku        text           not null unique,
  name       text           not null,
  price      numeric(10, 2) not null check (price > 0),
  in_stock   integer        not null check (in_stock >= 0)
);

create table orders (
  id          integer generated always as identity primary key,
  customer_id integer     not null references customers,
  status      text        not null check (status in ('placed', 'paid', 'shipped', 'returned')),
  placed_at   timestamptz not null
);

create table order_lines (
  order_id   integer        not null references orders,
  line       integer        not null,
  product_id integer        not null references products,
  quantity   integer        not null check (quantity > 0),
  price      numeric(10, 2) not null,
  primary key (order_id, line)
);

create index orders_by_customer on orders (customer_id, placed_at);
create index order_lines_by_product on order_lines (product_id);

comment on table customers is 'People who bought something at least once';
comment on table products is 'What the shop sells, with what is left in the warehouse';
comment on table orders is 'One purchase; its goods stand in order_lines';
comment on table order_lines is 'Goods of an order, at the price of that day';

insert into customers (name, email, city, country, created_at)
select first_name || ' ' || last_name,
       lower(first_name) || '.' || lower(last_name) || n || '@example.com',
       split_part(place, '/', 1),
       split_part(place, '/', 2),
       timestamptz '2023-01-09 08:00+00' + n * interval '67 hours' + (n * 37 % 60) * interval '1 minute'
from generate_series(1, 420) n
cross join lateral (select
  (array['Ada','Bram','Chiara','Dana','Emil','Farah','Goran','Hana','Ines','Jonas','Kofi','Lena','Mateo',
         'Nadia','Oskar','Priya','Quentin','Rosa','Samir','Tilda','Uma','Viktor','Wanda','Yusuf','Zoe'])
    [1 + n * 7 % 25] as first_name,
  (array['Abe','Bakker','Costa','Dubois','Eriksen','Fischer','Garcia','Hoang','Ivanova','Jensen','Keller',
         'Larsson','Moreau','Novak','Okafor','Petrov','Quinn','Rossi','Sato','Tanaka','Ueda','Vega','Weber'])
    [1 + n * 11 % 23] as last_name,
  (array['Amsterdam/NL','Berlin/DE','Copenhagen/DK','Dublin/IE','Graz/AT','Lisbon/PT','Lyon/FR','Madrid/ES',
         'Milan/IT','Oslo/NO','Prague/CZ','Stockholm/SE','Warsaw/PL','Zurich/CH'])
    [1 + n * 5 % 14] as place) made;

insert into products (sku, name, price, in_stock)
select upper(left(kind, 3)) || '-' || lpad(n::text, 4, '0'),
       finish || ' ' || kind,
       round((base * factor)::numeric, 2) - 0.05,
       n * 53 % 180
from (select row_number() over (order by k.ord, f.ord)::integer as n, k.kind, k.base, f.finish, f.factor
      from (values (1, 'desk', 219.0), (2, 'chair', 129.0), (3, 'lamp', 49.0), (4, 'shelf', 89.0),
                   (5, 'rug', 159.0), (6, 'mirror', 75.0), (7, 'stool', 59.0), (8, 'cabinet', 259.0),
                   (9, 'coat rack', 69.0), (10, 'side table', 95.0)) k(ord, kind, base)
      cross join (values (1, 'Oak', 1.25), (2, 'Birch', 1.0), (3, 'Walnut', 1.6), (4, 'White', 0.9),
                         (5, 'Black', 0.95), (6, 'Steel', 1.1)) f(ord, finish, factor)) all_of_them;

insert into orders (customer_id, status, placed_at)
select 1 + (n * 131 + n / 7) % 420,
       case when n > 2360 then 'placed' when n > 2280 then 'paid' when n % 41 = 0 then 'returned' else 'shipped' end,
       timestamptz '2026-08-31 18:00+00' - (2400 - n) * interval '211 minutes' - (n * 17 % 90) * interval '1 minute'
from generate_series(1, 2400) n;

insert into order_lines (order_id, line, product_id, quantity, price)
select o.id, l, p.id, 1 + (o.id * 3 + l) % 3, p.price
from orders o
cross join lateral generate_series(1, 1 + o.id % 4) l
join products p on p.id = 1 + (o.id * 13 + l * 17) % 60;

grant select on all tables in schema public to orders_read;
grant select, insert, update, delete on all tables in schema public to orders_write;
grant usage on all sequences in schema public to orders_write;
alter default privileges in schema public grant select on tables to orders_read;
alter default privileges in schema public grant select, insert, update, delete on tables to orders_write;

reset role;

analyze;
