// What the pages do with JavaScript beyond htmx: times in the viewer's zone, countdowns, copy
// buttons, the inbox counter. Every page works without it; nothing here decides anything.
(() => {
  'use strict';

  const SECOND = 1000;
  const MINUTE = 60 * SECOND;
  const WARN = 5 * MINUTE;
  const COUNT_EVERY = 20 * SECOND;

  // The server's clock is the one that ends access: carry its time forward by a clock that never jumps.
  const served = Date.parse(document.body.dataset.now || '');
  const startedAt = performance.now();
  const now = () => (Number.isNaN(served) ? Date.now() : served + (performance.now() - startedAt));

  // ---- times in the viewer's zone, with the offset ----

  const two = (n) => String(n).padStart(2, '0');
  const offset = (date) => {
    const minutes = -date.getTimezoneOffset();
    const abs = Math.abs(minutes);
    return (minutes < 0 ? '−' : '+') + two(Math.floor(abs / 60)) + ':' + two(abs % 60);
  };
  const local = (date, exact) => {
    const day = `${date.getFullYear()}-${two(date.getMonth() + 1)}-${two(date.getDate())}`;
    const clock = `${two(date.getHours())}:${two(date.getMinutes())}${exact ? ':' + two(date.getSeconds()) : ''}`;
    return `${day} ${clock} ${offset(date)}`;
  };
  const ago = (millis) => {
    const future = millis < 0;
    const abs = Math.abs(millis);
    if (abs < 45 * SECOND) return future ? 'in a moment' : 'just now';
    const minutes = Math.round(abs / MINUTE);
    const words =
      minutes < 60 ? `${minutes} min`
      : minutes < 36 * 60 ? `${Math.round(minutes / 60)} h`
      : `${Math.round(minutes / 1440)} days`;
    return future ? `in ${words}` : `${words} ago`;
  };

  const writeTimes = (root) => {
    for (const el of root.querySelectorAll('time[datetime]')) {
      const date = new Date(el.dateTime);
      if (Number.isNaN(date.getTime()) || el.dataset.until !== undefined) continue;
      const exact = local(date, true);
      if (el.dataset.ago !== undefined) {
        el.textContent = ago(now() - date.getTime());
        el.title = exact;
      } else {
        el.textContent = local(date, el.dataset.seconds !== undefined);
        el.title = `${exact} · ${date.toISOString().replace(/\.\d+Z$/, 'Z')}`;
      }
    }
  };

  // ---- countdown ----

  const left = (millis) => {
    const seconds = Math.max(0, Math.ceil(millis / SECOND));
    const h = Math.floor(seconds / 3600);
    const rest = `${two(Math.floor((seconds % 3600) / 60))}:${two(seconds % 60)}`;
    return h > 0 ? `${h}:${rest}` : rest;
  };
  const say = (text) => {
    const live = document.getElementById('live');
    if (live) live.textContent = text;
  };
  const tick = () => {
    for (const el of document.querySelectorAll('time[data-until]')) {
      const millis = Date.parse(el.dateTime) - now();
      el.textContent = left(millis);
      const holder = el.closest('.clock') || el;
      const bar = holder.querySelector('progress');
      if (bar) bar.value = Math.max(0, millis / SECOND);
      const soon = millis > 0 && millis <= WARN;
      if (soon && !holder.classList.contains('soon') && el.dataset.warn !== undefined) {
        say(`${Math.ceil(millis / MINUTE)} minutes left`);
      }
      holder.classList.toggle('soon', soon);
      if (millis <= 0 && !holder.classList.contains('is-over')) {
        holder.classList.add('is-over');
        if (el.dataset.reload !== undefined) {
          say('The time is over.');
          setTimeout(() => location.reload(), 2 * SECOND);
        }
      }
    }
  };

  // ---- copy buttons ----

  document.addEventListener('click', async (event) => {
    const button = event.target.closest('button[data-copy]');
    if (!button) return;
    const source = document.getElementById(button.dataset.copy);
    if (!source) return;
    try {
      await navigator.clipboard.writeText(source.textContent);
      button.textContent = 'Copied';
      say('Copied');
    } catch {
      const range = document.createRange();
      range.selectNodeContents(source);
      getSelection().removeAllRanges();
      getSelection().addRange(range);
      button.textContent = 'Press Ctrl+C';
      say('Selected. Press Control C to copy.');
    }
    setTimeout(() => { button.textContent = 'Copy'; }, 2 * SECOND);
  });

  // ---- menus, dialogs, choices ----

  document.addEventListener('click', (event) => {
    for (const menu of document.querySelectorAll('details.menu[open]')) {
      if (!menu.contains(event.target)) menu.open = false;
    }
    const opener = event.target.closest('button[data-dialog]');
    if (opener) document.getElementById(opener.dataset.dialog)?.showModal();
    const closer = event.target.closest('button[data-close]');
    if (closer) closer.closest('dialog')?.close();
  });
  document.addEventListener('keydown', (event) => {
    if (event.key !== 'Escape') return;
    for (const menu of document.querySelectorAll('details.menu[open]')) {
      menu.open = false;
      menu.querySelector('summary').focus();
    }
  });
  // A window typed by hand takes the place of a chosen one, and the other way round.
  document.addEventListener('input', (event) => {
    const el = event.target;
    const free = el.closest('[data-minutes]');
    if (!free) return;
    const number = free.querySelector('input[type="number"]');
    if (el.type === 'radio' && number) number.value = el.value;
    if (el === number) {
      for (const radio of free.querySelectorAll('input[type="radio"]')) radio.checked = radio.value === el.value;
    }
  });
  // One click is one act: a form on its way is not sent twice.
  document.addEventListener('submit', (event) => {
    const form = event.target;
    if (event.defaultPrevented || form.method !== 'post' || form.dataset.act !== undefined) return;
    if (form.dataset.sent !== undefined) { event.preventDefault(); return; }
    form.dataset.sent = '';
    event.submitter?.setAttribute('aria-busy', 'true');
  });
  window.addEventListener('pageshow', () => {
    for (const form of document.querySelectorAll('form[data-sent]')) delete form.dataset.sent;
    for (const busy of document.querySelectorAll('button[aria-busy="true"]')) busy.removeAttribute('aria-busy');
  });

  // ---- what waits: counter and title ----

  const title = document.title;
  const showCount = (n) => {
    for (const el of document.querySelectorAll('[data-count]')) {
      el.dataset.count = String(n);
      el.textContent = String(n);
    }
    document.title = n > 0 ? `(${n}) ${title}` : title;
  };
  const counter = document.querySelector('.count[data-count]');
  const poll = async () => {
    if (document.hidden) return;
    try {
      const answer = await fetch('/inbox/count', { headers: { Accept: 'application/json' }, redirect: 'error' });
      if (!answer.ok) return;
      const { waiting } = await answer.json();
      if (Number.isInteger(waiting)) showCount(waiting);
    } catch { /* the next poll tries again */ }
  };
  if (counter) {
    showCount(Number(counter.dataset.count) || 0);
    setInterval(poll, COUNT_EVERY);
    document.addEventListener('visibilitychange', poll);
  }

  // What was done is said once: an address that is sent on does not say it to somebody else.
  const here = new URL(location.href);
  if (here.searchParams.has('done')) {
    here.searchParams.delete('done');
    history.replaceState(history.state, '', here.pathname + here.search + here.hash);
  }

  writeTimes(document);
  tick();
  setInterval(tick, SECOND);
  setInterval(() => writeTimes(document), 30 * SECOND);
  // A page that refreshes itself says so when it no longer can: old figures must not look new.
  document.addEventListener('htmx:afterRequest', (event) => {
    if (event.detail.elt?.dataset.live !== undefined) document.body.classList.toggle('is-stale', !event.detail.successful);
  });
  document.addEventListener('htmx:afterSwap', () => { writeTimes(document); tick(); });
})();
